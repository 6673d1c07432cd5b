import { flow } from '../../detect/kit.ts';
import { gibibyte, sizeText } from '../../knowledge/volume.ts';
import { iso } from '../../model/time.ts';

/** Bytes in an hour, both ways: below it nothing is heavy; a pair that never talked before gets as far as the second. */
const floor = gibibyte;
const floorOfNew = 2 * gibibyte;
/** How far above its own most, and above what it varies by. */
const times = 5;
const deviations = 8;
const warmUpDays = 3;

/** Two inside exchange far more than they ever did: a database is copied. Strategy: ./ADS.md */
export const heavyEdge = flow.rollup({
  id: 'heavy-edge',
  title: 'Two workloads exchange much more than usual',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1005', 'T1041'],
  rows: ['D146'],
  needs: ['flow:bytes', 'flow:ports'],
  next: 'Ask the owners whether a copy, restore or batch was planned; if not, see what the caller sent out in the hours after it.',
  judge: ({ from, to, outside, bytes, back, past }, { start }) => {
    const both = bytes + back;
    if (outside || both < floor || from.kind !== 'workload' || to === from.name || past.days < warmUpDays) return undefined;
    const usual = past.usual((sums) => sums.bytes + sums.back);
    if (usual === undefined && past.hours.length > 0) return undefined;
    const limit = usual === undefined ? floorOfNew : Math.max(floor, usual.median + deviations * usual.deviation, times * usual.most);
    if (both < limit) return undefined;
    const before =
      usual === undefined ? 'they never talked before' : `${sizeText(usual.most)} was the most of ${String(usual.hours)} hours`;
    return {
      entity: from,
      about: to,
      summary:
        `${from.name} sent ${sizeText(bytes)} to ${to} and got ${sizeText(back)} back in the hour from ${iso(start)}, where ${before} ` +
        `and ${sizeText(limit)} is the limit.`,
      baseline: {
        limit: Math.round(limit),
        sent: bytes,
        received: back,
        ...(usual === undefined ? {} : { 'median hour': usual.median, 'most in an hour': usual.most }),
      },
    };
  },
});

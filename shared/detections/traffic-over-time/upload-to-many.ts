import { flow } from '../../detect/kit.ts';
import { some } from '../../knowledge/shorten.ts';
import { gibibyte, isAwsService, sizeText } from '../../knowledge/volume.ts';
import { iso } from '../../model/time.ts';

/** Bytes in an hour, all destinations together; to one of them alone a gibibyte is told as it is. */
const limit = 2 * gibibyte;
const toOne = gibibyte;
const fewest = 3;

/** A sender spreads over many destinations what to one of them would have been told. Strategy: ./ADS.md */
export const uploadToMany = flow.senderRollup({
  id: 'upload-to-many',
  title: 'Large upload spread over external destinations',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1041', 'T1048'],
  rows: ['D133'],
  needs: ['flow:bytes'],
  next: 'Ask the owner whether an export to these networks was planned; if not, isolate the sender and find out which data it can read.',
  judge: ({ from, pairs }, { start }) => {
    // A NAT gateway or load balancer sends what everybody behind it sends.
    if (from.kind !== 'workload' && from.kind !== 'node') return undefined;
    const uploads = pairs.filter(({ outside, reach, bytes, back }) => outside && !isAwsService(reach) && bytes > back && bytes < toOne);
    const sent = uploads.reduce((sum, { bytes }) => sum + bytes, 0);
    if (uploads.length < fewest || sent < limit) return undefined;
    const largest = [...uploads].sort((one, other) => other.bytes - one.bytes);
    return {
      entity: from,
      summary:
        `${from.name} sent ${sizeText(sent)} to ${String(uploads.length)} external destinations in the hour from ${iso(start)}, where ` +
        `${sizeText(limit)} is the limit: ${some(largest.map(({ to, bytes }) => `${sizeText(bytes)} to ${to}`))}.`,
      baseline: { limit, sent, destinations: uploads.length },
      confidence: from.kind === 'workload' ? 'medium' : 'low',
    };
  },
});

import { flow } from '../../detect/kit.ts';
import { some } from '../../knowledge/shorten.ts';
import { senderText, sureOf, unusualFrom } from '../../knowledge/volume.ts';
import { iso } from '../../model/time.ts';

/** Refused connections in an hour: against what is usual, and where nothing is. */
const floor = 100;
const ceiling = 500;
const many = 5_000;

/** A sender is refused far more often than it ever was. Strategy: ./ADS.md */
export const rejectedConnections = flow.senderRollup({
  id: 'rejected-connections',
  title: 'Many connections of one sender are refused',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1046', 'T1071'],
  rows: ['D147'],
  needs: ['flow:action'],
  next: 'Look at where it tried to connect: one address is a change that went wrong, many are somebody looking around.',
  judge: ({ from, rejected, pairs, past }, { start }) => {
    if (rejected < floor) return undefined;
    const usual = past.usual((sums) => sums.rejected);
    const limit = usual === undefined ? ceiling : unusualFrom(usual, floor);
    if (rejected < limit) return undefined;
    const refused = pairs.filter((pair) => pair.rejected > 0).sort((one, other) => other.rejected - one.rejected);
    const where = some(refused.map((pair) => `${String(pair.rejected)} to ${pair.to}`));
    const before = usual === undefined ? '' : `; ${String(usual.most)} was the most of ${String(usual.hours)} hours`;
    return {
      entity: from,
      summary:
        `${String(rejected)} connections of ${senderText(from)} were refused by security groups or network ACLs in the hour from ${iso(start)}, ` +
        `where ${String(Math.round(limit))} is the limit${before}: ${where}.`,
      baseline: {
        limit: Math.round(limit),
        refused: rejected,
        destinations: refused.length,
        ...(usual === undefined ? {} : { 'median hour': usual.median, 'most in an hour': usual.most }),
      },
      severity: rejected >= many ? 'medium' : 'low',
      confidence: sureOf(from),
    };
  },
});

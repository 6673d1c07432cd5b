import { flow } from '../../detect/kit.ts';
import { some } from '../../knowledge/shorten.ts';
import { iso } from '../../model/time.ts';

/** Share of the minutes of interfaces, and minutes of one interface, that may go unlogged. */
const limits = { share: 0.05, minutes: 10 };
const grave = { share: 0.25, minutes: 30 };
/** Minutes of interfaces that say anything. */
const fewest = 5;

/** Part of the traffic was not logged: whoever talked then was not seen. Strategy: ./ADS.md */
export const flowLogGaps = flow.telemetryRollup({
  id: 'flow-log-gaps',
  title: 'The flow log has gaps',
  severity: 'low',
  confidence: 'high',
  attack: ['T1685.002'],
  rows: ['D151'],
  next: 'See whether a flood of connections filled the log at that time, and treat the silence of these interfaces as unknown, not as quiet.',
  judge: ({ cluster, logged, skipped, unlogged, before }, { start }) => {
    const inOrder = [...skipped].sort(([one, more], [other, less]) => less.size - more.size || (one < other ? -1 : 1));
    const missed = inOrder.reduce((sum, [, { size }]) => sum + size, 0);
    const longest = inOrder[0]?.[1].size ?? 0;
    if (missed < fewest || (unlogged < limits.share && longest < limits.minutes)) return undefined;
    const percent = (share: number): number => Math.round(1000 * share) / 10;
    const most = Math.max(0, ...before);
    return {
      entity: { kind: 'log-source', id: `${cluster}/flow`, name: `flow log of ${cluster}` },
      summary:
        `The flow log of ${cluster} skipped ${String(missed)} minutes of ${String(inOrder.length)} interfaces in the hour from ${iso(start)}, ` +
        `${String(percent(unlogged))} % of all, where ${String(percent(limits.share))} % is the limit and ${String(percent(most))} % was the most ` +
        `before: ${some(inOrder.map(([name, { size }]) => `${name} for ${String(size)} minutes`))}.`,
      baseline: {
        'skipped minutes': missed,
        'logged minutes': logged,
        'percent skipped': percent(unlogged),
        'most percent before': percent(most),
      },
      severity: unlogged >= grave.share || longest >= grave.minutes ? 'medium' : 'low',
    };
  },
});

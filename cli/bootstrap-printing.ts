import type { Estimate, LogGroup } from '../shared/history/estimate.ts';
import { pricesAsOf } from '../shared/knowledge/prices.ts';
import { iso } from '../shared/model/time.ts';
import type { BootstrapOptions } from './bootstrap-options.ts';
import type { Bootstrapped } from './bootstrapping.ts';
import { historyRemarks } from './printing.ts';

/** What is about to be read, and what it will cost. */
export function estimateText(
  group: LogGroup,
  { bytes, dollars }: Estimate,
  { span, budget }: Pick<BootstrapOptions, 'span' | 'budget'>,
): string {
  return (
    `${group.name} from ${iso(span.from)} to ${iso(span.to)}: about ${size(bytes)} to scan, ` +
    `about ${money(dollars)} at prices of ${pricesAsOf}; the budget is ${money(budget)}`
  );
}

/** What was learnt, what was not, and what it cost. */
export function* bootstrapRemarks({ history, tally, profiles, gaps, scanned, cost, estimate }: Bootstrapped): Generator<string> {
  yield* historyRemarks(history);
  yield* tally.report();
  yield `${String(profiles)} counters have a profile`;
  for (const { question, span, why } of gaps) yield `not learnt: ${question} from ${iso(span.from)} to ${iso(span.to)}: ${why}`;
  yield `scanned ${size(scanned)} for ${money(cost)}; estimated were ${size(estimate.bytes)} for ${money(estimate.dollars)}`;
}

const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** Bytes for people. */
export function size(bytes: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return `${(bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step] ?? ''}`;
}

function money(dollars: number): string {
  return dollars > 0 && dollars < 0.01 ? 'less than $0.01' : `$${dollars.toFixed(2)}`;
}

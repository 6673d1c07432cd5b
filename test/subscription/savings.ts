import { catalogue } from '../../shared/detect/registry.ts';
import { subscriptionOf } from '../../shared/detect/subscription.ts';
import { benchmarkAudit } from '../simulation/benchmark.ts';
import { filterOf } from '../support/filter-pattern.ts';

/** How much a class saves, or all of them: lines and bytes that are not forwarded, in per cent of all. */
export interface Saving {
  readonly id: string;
  readonly lines: number;
  readonly bytes: number;
}

/** What the subscription saves on the pinned mix, class by class and altogether. */
export function savings(seed: number, count: number): readonly Saving[] {
  const { json, leftOut } = subscriptionOf(catalogue);
  const all = benchmarkAudit(seed, count);
  const passes = filterOf(json);
  const stopped = all.filter((line) => passes(line) === false);
  const share = (id: string, lines: readonly string[]): Saving => ({
    id,
    lines: (100 * lines.length) / all.length,
    bytes: (100 * bytesOf(lines)) / bytesOf(all),
  });
  const byClass = leftOut.map((kind) => {
    const passesIt = filterOf(subscriptionOf(catalogue, [kind]).json);
    return share(
      kind.id,
      stopped.filter((line) => passesIt(line) === false),
    );
  });
  return [...byClass, share('altogether', stopped)];
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
}

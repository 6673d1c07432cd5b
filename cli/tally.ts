import type { Batch } from '../shared/intake/batch.ts';
import type { Fates } from '../shared/intake/sorting.ts';
import type { HitRate } from '../shared/state/entity-graph/holders.ts';

/** What became of the lines of all batches. */
export class Tally {
  lines = 0;
  judged = 0;
  repeated = 0;
  readonly skipped = new Map<string, number>();
  readonly rejected = new Map<string, number>();
  private asked = 0;
  private named = 0;

  /** Adds what became of a batch. Throws where a line got lost: that is a fault of ours, never of a log. */
  add(batch: Batch, fates: Fates): void {
    const lines = batch.records.length + batch.rejects.length + sum(Object.values(batch.skipped));
    const accounted = fates.judged + fates.repeated + sum(Object.values(fates.skipped)) + sum(Object.values(fates.rejected));
    if (lines !== accounted) throw new Error(`${batch.place}: ${String(lines)} lines came in and ${String(accounted)} are accounted for`);
    this.lines += lines;
    this.judged += fates.judged;
    this.repeated += fates.repeated;
    for (const [reason, count] of Object.entries(fates.skipped)) this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + count);
    for (const [reason, count] of Object.entries(fates.rejected)) this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + count);
  }

  /** Adds how many senders inside were asked for, and how many were known. */
  addAttribution({ asked, named }: HitRate): void {
    this.asked += asked;
    this.named += named;
  }

  /** The sums, and the reasons behind them, one thought a line. */
  *report(): Generator<string> {
    if (this.skipped.size > 0) yield `skipped: ${byReason(this.skipped)}`;
    if (this.asked > 0)
      yield `senders inside known by pod or node: ${String(this.named)} of ${String(this.asked)} conversations (${((100 * this.named) / this.asked).toFixed(0)} %)`;
    if (this.rejected.size > 0) yield `rejected: ${byReason(this.rejected)}`;
    const skipped = `${String(sum(this.skipped.values()))} skipped`;
    const rejected = `${String(sum(this.rejected.values()))} rejected`;
    yield `${String(this.lines)} lines in: ${String(this.judged)} judged, ${skipped}, ${String(this.repeated)} repeated, ${rejected}`;
  }
}

function byReason(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([a, many], [b, more]) => more - many || a.localeCompare(b))
    .map(([reason, count]) => `${String(count)} ${reason}`)
    .join(', ');
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

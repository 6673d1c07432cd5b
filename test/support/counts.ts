import type { MemoryState } from '../../shared/adapters/memory-state.ts';
import { digest, memberLength } from '../../shared/model/hash.ts';
import { minute } from '../../shared/model/time.ts';
import { type Cell, lineageOf } from '../../shared/state/counts/cell.ts';
import { CountLog } from '../../shared/state/counts/count-log.ts';
import { CountLogs } from '../../shared/state/counts/count-logs.ts';
import { dayMark } from '../../shared/state/counts/tallies.ts';
import { combine, type StateStore } from '../../shared/state/store.ts';

/** `count` requests of a counter within the minute of a time. */
export function cellsAt(counter: string, time: number, count: number): Cell[] {
  return Array.from({ length: count }, (_, number) => ({
    counter,
    minute: Math.floor(time / minute),
    member: digest(memberLength, [String(time), String(number)]),
  }));
}

/** Adds cells as a process does that counts them, and marks their days. */
export async function count(store: StateStore, cells: readonly Cell[]): Promise<void> {
  const shares = cells.map((cell) => ({ name: { source: 'api', scope: lineageOf(cell.counter).scope }, cells: [cell], minutes: 1 }));
  await new CountLogs(store).add(shares);
  await store.merge(combine(shares.flatMap(({ name, cells: some }) => some.map((cell) => dayMark(name, cell.minute)))));
}

/** Everything that the logs of a store hold, each cell once, in an order of its own: payloads may have written it in any. */
export function cellsIn(state: MemoryState): readonly string[] {
  const cells = new Set<string>();
  for (const entry of state.dump()) {
    if (!('document' in entry)) continue;
    const [kind, source = '', scope = '', number] = entry.document.partition.split('\t');
    if (kind !== 'counts') continue;
    const log = new CountLog({ source, scope, number: Number(number) });
    log.add([entry.document]);
    for (const counter of log.counters()) log.eachCell(counter, (at, member) => cells.add(`${source} ${counter} ${String(at)} ${member}`));
  }
  return [...cells].sort();
}

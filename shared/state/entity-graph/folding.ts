import type { Tick } from '../../model/event.ts';
import type { StateStore } from '../store.ts';
import { changesPartition, endOfStretch, factsIn, snapshotOf, snapshotPartition, type Stretch } from './documents.ts';
import { EntityGraph } from './graph.ts';
import {
  newestSnapshot,
  openStretches,
  openStretchesKeys,
  type OpenStretch,
  snapshotMark,
  snapshotsKey,
  withoutMarks,
  withoutOlderSnapshots,
} from './marks.ts';

/**
 * Folds every stretch that the watermark has passed into a snapshot of its cluster. Marks go last: a crash folds the
 * same again. A join of facts, so two ticks at once do no harm.
 */
export async function foldGraphs(tick: Tick, state: StateStore): Promise<void> {
  const open = openStretches((await state.read(openStretchesKeys, 'strong')).values());
  const closed = open.filter(({ number }) => endOfStretch(number) <= tick.watermark);
  for (const marks of Map.groupBy(closed, ({ scope }) => `${scope.account}\t${scope.region}\t${scope.cluster}`).values())
    await foldCluster(marks, tick, state);
}

async function foldCluster(marks: readonly OpenStretch[], tick: Tick, state: StateStore): Promise<void> {
  const [first] = marks;
  if (first === undefined) return;
  const { scope } = first;
  const index = (await state.read([snapshotsKey(scope)], 'strong')).get(snapshotsKey(scope));
  const before = newestSnapshot(index);
  const numbers = [...new Set(marks.map(({ number }) => number))].sort((one, other) => one - other);
  const partitions = [
    ...(before === undefined ? [] : [snapshotPartition({ scope, number: before })]),
    ...numbers.map((number) => changesPartition({ scope, number })),
  ];
  const graph = new EntityGraph(scope);
  for (const partition of partitions)
    for (const document of await state.list(partition)) for (const fact of factsIn(document)) graph.add(fact);
  const newest: Stretch = { scope, number: Math.max(before ?? -Infinity, ...numbers) };
  graph.forgetBefore(endOfStretch(newest.number));
  await state.put(snapshotOf(newest, graph.facts(), tick.time));
  await state.merge([snapshotMark(newest)]);
  await state.remove([...withoutMarks(marks), ...withoutOlderSnapshots(newest, index)]);
}

import type { Registered } from '../detect/finding.ts';
import type { Detection } from '../detect/kit.ts';
import { minute } from '../model/time.ts';
import { Batches } from './batches.ts';
import { tallyDays } from './counts/tallies.ts';
import { Parents } from './parents.ts';
import { allDone, markDone, pagesOf, type ShardOrder, whereToBegin } from './shard-pages.ts';
import { ShardWalk, wantedBy } from './shard-walk.ts';
import type { StateDocument, StateStore } from './store.ts';

/*
 * Once a night the profiles of all counters are made anew, and items lose what nobody asks for any more. The table is cut into
 * shards; each is walked through once, by whoever takes its order, and what is left when time runs out becomes an order again.
 * Done twice, by several at once or in pieces, it comes to the same (docs/decisions/0009-profiles-and-their-parents.md).
 */

/** Segments of the table in a deployment: many more than are worked on at once, so that a large table needs no other number. */
export const shardsOfTable = 16;

/** Kept back for what must be written once the walk has stopped. */
const reserve = minute;

/** What work on an order came to. */
export interface ShardReport {
  readonly profiles: number;
  /** Items that lost what no view asks for. */
  readonly pruned: number;
  /** Profiles of groups, clusters and the fleet, where this was the last shard: then the night's work is done. */
  readonly parents?: number;
  /** What is left to do. */
  readonly rest?: ShardOrder;
}

/** What a whole recomputation came to. */
export type Recomputed = Required<Omit<ShardReport, 'rest'>>;

/** The orders of a night. */
export function planRecomputation(now: number, shards = shardsOfTable): ShardOrder[] {
  return Array.from({ length: shards }, (_, segment) => ({ generation: now, segment, of: shards }));
}

/** Works on an order for as long as there is time, and not again on what is done of it. */
export async function recomputeShard(
  catalogue: readonly Registered<Detection>[],
  order: ShardOrder,
  store: StateStore,
  timeLeft: () => number,
): Promise<ShardReport> {
  const begin = await whereToBegin(order, store);
  return begin === undefined ? finish(order, store) : walk(catalogue, begin, store, timeLeft);
}

/** Tallies the days that are over, which shards are walked for; false where time ran out and it is to be ordered again. */
export async function prepareRecomputation(
  catalogue: readonly Registered<Detection>[],
  now: number,
  store: StateStore,
  timeLeft: () => number,
): Promise<boolean> {
  return tallyDays(wantedBy(catalogue).profiled, store, now, () => timeLeft() >= 5 * reserve);
}

/** All of a recomputation at once and from its beginning, for a process that has the time. */
export async function recompute(
  catalogue: readonly Registered<Detection>[],
  now: number,
  store: StateStore,
  shards = 1,
): Promise<Recomputed> {
  await prepareRecomputation(catalogue, now, store, () => Infinity);
  const sum = { profiles: 0, pruned: 0, parents: 0 };
  for (const order of planRecomputation(now, shards)) {
    const { profiles, pruned, parents = 0 } = await walk(catalogue, order, store, () => Infinity);
    sum.profiles += profiles;
    sum.pruned += pruned;
    sum.parents += parents;
  }
  return sum;
}

async function walk(
  catalogue: readonly Registered<Detection>[],
  order: ShardOrder,
  store: StateStore,
  timeLeft: () => number,
): Promise<ShardReport> {
  const shard = new ShardWalk(wantedBy(catalogue), order, store);
  const rest = await shard.run(() => timeLeft() < reserve);
  const { profiles, pruned } = shard;
  if (rest !== undefined) return { profiles, pruned, rest };
  // Where too little time is left for the parents, the same order again finds only them to do.
  if (timeLeft() < 5 * reserve) return { profiles, pruned, rest: order };
  return { ...(await finish(order, store)), profiles, pruned };
}

/** Notes that a shard is done; the last one makes the parents' profiles. */
async function finish(order: ShardOrder, store: StateStore): Promise<ShardReport> {
  await markDone(order, store);
  const nothing = { profiles: 0, pruned: 0 };
  return (await allDone(order, store)) ? { ...nothing, parents: await profileParents(order, store) } : nothing;
}

async function profileParents(order: ShardOrder, store: StateStore): Promise<number> {
  const parents = new Parents();
  for await (const page of pagesOf(order, store)) parents.join(page);
  const profiles = new Batches<StateDocument>((some) => store.put(some));
  for (const document of parents.documents(order.generation)) await profiles.add(document);
  await profiles.flush();
  return profiles.count;
}

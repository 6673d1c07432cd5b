import { catalogue } from '../../shared/detect/registry.ts';
import { planRecomputation, recomputeShard, shardsOfTable } from '../../shared/state/recompute.ts';
import { CountingStore } from './counting-store.ts';
import type { Bill } from './meter.ts';
import { stateTable } from './state-table.ts';

/** What a night costs at some number of keys. */
export interface Night extends Bill {
  readonly keys: number;
  readonly profiles: number;
  readonly parents: number;
  readonly secondsOfShards: readonly number[];
}

const now = Date.parse('2026-03-30T02:30:00Z');

/** Recomputes all shards of a made-up table, one after the other. `seconds` tells the time of the process. */
export async function nightOf(keys: number, seed: string, seconds: () => number): Promise<Night> {
  const store = new CountingStore(stateTable(catalogue, keys, seed, now));
  let [profiles, parents] = [0, 0];
  const secondsOfShards: number[] = [];
  for (const order of planRecomputation(now, shardsOfTable)) {
    const begun = seconds();
    const done = await recomputeShard(catalogue, order, store, () => Infinity);
    secondsOfShards.push(seconds() - begun);
    profiles += done.profiles;
    parents += done.parents ?? 0;
  }
  return { ...store.meter.bill, keys, profiles, parents, secondsOfShards };
}

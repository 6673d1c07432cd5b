import type { StateItem, StateStore } from '../../shared/state/store.ts';

/** Every item of a store, in no order. */
export async function* itemsIn(state: StateStore): AsyncIterable<StateItem> {
  for await (const { items } of state.scan({ segment: 0, of: 1 })) yield* items;
}

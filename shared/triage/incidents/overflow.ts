import { Recent } from '../../model/recent.ts';
import type { Merge, StateItem, StateStore } from '../../state/store.ts';

/** Rooms that are remembered as full: those of a storm. */
const mostRooms = 2_000;

const full = new WeakMap<StateStore, Recent<true>>();

/** Whether a write may still find room: a storm writes to a full room once for each execution environment, and not for each payload. */
export function hasRoom(state: StateStore, { key, sets }: Merge): boolean {
  const rooms = full.get(state);
  return rooms === undefined || Object.keys(sets).some((room) => rooms.get(`${key} ${room}`) === undefined);
}

/** Remembers rooms that took less than was written. */
export function noteOverflow(state: StateStore, { key, sets }: Merge, item: StateItem | undefined): void {
  for (const [room, texts] of Object.entries(sets)) {
    if (item === undefined || texts.every((text) => item.sets.get(room)?.has(text) === true)) continue;
    let rooms = full.get(state);
    if (rooms === undefined) full.set(state, (rooms = new Recent(mostRooms)));
    rooms.set(`${key} ${room}`, true);
  }
}

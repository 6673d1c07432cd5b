import type { EventBase } from '../model/base.ts';
import { digest } from '../model/hash.ts';
import { type JsonObject, object, parseJson } from '../model/json.ts';
import { day } from '../model/time.ts';
import type { Merge, Removal, StateItem } from './store.ts';

/** Remembers an object's newest versions, so that a finding can say what changed. */
export interface Snapshot<E> {
  readonly kind: 'snapshot';
  /** Names the memory in the table; detections that share the id share the memory. */
  readonly id: string;
  /** Which object; absent where the event shows none. The cluster is always part of it. */
  readonly key: (event: E) => readonly string[] | undefined;
  /** The part of the object that is compared: small, and free of what changes by itself. */
  readonly value: (event: E) => JsonObject | undefined;
}

/** What a judge sees of an object's past at the time of an event. */
export interface SnapshotView {
  /** The newest version older than the event; absent while the object is unknown. */
  readonly previous: JsonObject | undefined;
}

/** Declares a snapshot. */
export function snapshot<E>(input: Omit<Snapshot<E>, 'kind'>): Snapshot<E> {
  return { kind: 'snapshot', ...input };
}

const versionsKept = 4;
const keptDays = 180;
const largestValue = 30_000;
const versions = 'v';

/** Where the past of an event's object stands; absent where the event shows none. */
export function snapshotKey<E extends EventBase>(spec: Snapshot<E>, event: E): string | undefined {
  const parts = spec.key(event);
  return parts && `snapshot:${spec.id}:${digest(22, [event.scope.account, event.scope.region, event.scope.cluster, ...parts])}`;
}

/** The newest version older than the event: by event time, then by request key. */
export function snapshotView(item: StateItem | undefined, event: EventBase): SnapshotView {
  const position = positionOf(event);
  const older = [...(item?.sets.get(versions) ?? [])].filter((version) => version < position).sort();
  const newest = older.at(-1);
  return { previous: newest === undefined ? undefined : object(parseJson(newest.slice(position.length + 1))) };
}

/** The version an event adds; absent where it shows no value, one too large to keep, or the value that was known. */
export function snapshotLesson<E extends EventBase>(
  spec: Snapshot<E>,
  key: string,
  event: E,
  item: StateItem | undefined,
): Merge | undefined {
  const value = spec.value(event);
  if (value === undefined) return undefined;
  const json = JSON.stringify(value);
  if (json.length > largestValue || json === JSON.stringify(snapshotView(item, event).previous)) return undefined;
  const version = `${positionOf(event)} ${json}`;
  return { key, sets: { [versions]: [version] }, expires: event.time + keptDays * day, cap: 10 * versionsKept };
}

/** Versions that an item no longer needs. */
export function surplusVersions(item: StateItem): Removal | undefined {
  const all = [...(item.sets.get(versions) ?? [])].sort();
  return all.length <= 2 * versionsKept ? undefined : { key: item.key, sets: { [versions]: all.slice(0, -versionsKept) } };
}

/** Sorts as (time, key): thirteen digits last until the year 2286. */
function positionOf(event: EventBase): string {
  return `${String(event.time).padStart(13, '0')} ${event.key}`;
}

import type { FindingGroup } from '../detect/finding-group.ts';
import { digest } from '../model/hash.ts';
import { day, dayOf } from '../model/time.ts';
import type { Merge, StateItem } from '../state/store.ts';
import type { Silence } from './suppression.ts';

/** How many findings of an alert one decision silenced. */
export interface Silenced {
  /** The decision's id. */
  readonly by: string;
  readonly count: number;
  /** Event time of the last, milliseconds since the epoch. */
  readonly last: number;
}

/** The counts with some more findings that a decision silenced. */
export function counted(known: readonly Silenced[], { by }: Silence, count: number, last: number): readonly Silenced[] {
  const before = known.find((each) => each.by === by);
  const now = { by, count: (before?.count ?? 0) + count, last: Math.max(before?.last ?? 0, last) };
  return [...known.filter((each) => each.by !== by), now];
}

/*
 * The counts stand in the alerts, which know each finding and count none twice. Which alerts a decision silenced stands
 * in union items beside the baselines, so that to ask for its counts is to read these alerts and not all there are.
 */
const shards = 8;
/** Alerts of a decision in one item, and days; more alerts are silenced as well and not listed. */
const mostPerShard = 400;
/** As long as alerts are kept. */
const keptDays = 400;
const alertsSet = 'a';
const daysSet = 'd';

/** The write that notes whom a decision silenced, and on which day. */
export function silencedMerge({ by }: Silence, { fingerprint, last }: FindingGroup): Merge {
  const shard = digest(1, [fingerprint]).charCodeAt(0) % shards;
  return {
    key: keyOf(by, shard),
    sets: { [alertsSet]: [fingerprint], [daysSet]: [String(dayOf(last))] },
    expires: last + keptDays * day,
    cap: mostPerShard,
  };
}

/** Where it stands whom decisions silenced. */
export function silencedKeys(ids: readonly string[]): string[] {
  return ids.flatMap((id) => Array.from({ length: shards }, (_, shard) => keyOf(id, shard)));
}

function keyOf(id: string, shard: number): string {
  return `silenced:${id}:${String(shard)}`;
}

/** Whom a decision silenced, from the items that were read. */
export interface Reach {
  readonly alerts: readonly string[];
  /** There are more alerts than are listed. */
  readonly full: boolean;
  /** The last day, since the epoch; absent where it silenced nothing. */
  readonly lastDay?: number;
}

/** Whom a decision silenced. */
export function reachOf(id: string, items: ReadonlyMap<string, StateItem>): Reach {
  const mine = silencedKeys([id]).flatMap((key) => items.get(key) ?? []);
  const all = (name: string): string[] => mine.flatMap(({ sets }) => [...(sets.get(name) ?? [])]);
  const days = all(daysSet).map(Number);
  return {
    alerts: all(alertsSet).sort(),
    full: mine.some(({ sets }) => (sets.get(alertsSet)?.size ?? 0) >= mostPerShard),
    ...(days.length === 0 ? {} : { lastDay: Math.max(...days) }),
  };
}

/** How many findings of an alert a decision silenced. */
export function silencedIn({ silenced = [] }: { readonly silenced?: readonly Silenced[] }, by: string): number {
  return silenced.find((each) => each.by === by)?.count ?? 0;
}

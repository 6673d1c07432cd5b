import type { FindingGroup } from '../detect/finding-group.ts';
import { lessonName, readWithheld, type Withheld } from '../detect/withheld.ts';
import { digest, memberLength } from '../model/hash.ts';
import { day, dayOf } from '../model/time.ts';
import type { Merge, StateItem } from '../state/store.ts';

/**
 * What the events of an alert would have taught waits in union items beside the memories: a storm that repeats an
 * observation adds nothing. An alert holds at most shards × (mostPerShard + mostWithheld) = 4 × (200 + 150) of them, each
 * below 1 KB; what finds no room is counted on the alert and told anew when it recurs.
 */
const shards = 4;
const mostPerShard = 200;
const keptDays = 90;

const texts = 'q';
const incidents = 'i';
const joinedSet = 'j';

/** Alerts that may join by themselves are found by the day: as many a day, the rest waits for a person. */
const mostPerDay = 1_000;
const alertsSet = 'a';

/** Where the observations of an alert wait. */
export function quarantineKeys(fingerprint: string): string[] {
  return Array.from({ length: shards }, (_, shard) => `quarantine:${fingerprint}:${String(shard)}`);
}

/** The writes that keep what a group's events would have taught; none where they would have taught nothing. */
export function quarantineMerges({ fingerprint, withheld, last }: FindingGroup): Merge[] {
  const keys = quarantineKeys(fingerprint);
  const byKey = Map.groupBy(withheld, (text) => keys[shardOf(readWithheld(text))] ?? '');
  return [...byKey].map(([key, some]) => ({ key, sets: { [texts]: some }, expires: last + keptDays * day, cap: mostPerShard }));
}

/** All days of one observation stand in one item. */
function shardOf(observation: Withheld): number {
  return digest(1, [lessonName(observation)]).charCodeAt(0) % shards;
}

/** How many of a group's observations the quarantine had no room for. */
export function notKeptOf({ withheld, notKept = 0 }: FindingGroup, items: ReadonlyMap<string, StateItem>): number {
  const kept = new Set([...items.values()].flatMap(({ sets }) => [...(sets.get(texts) ?? [])]));
  return notKept + withheld.filter((text) => !kept.has(text.toWellFormed())).length;
}

/** What is known of an alert's observations. */
export interface Quarantine {
  readonly observations: readonly Withheld[];
  /** Whether a finding of the alert is part of an incident. */
  readonly inIncident: boolean;
  /** Lessons that time let join. */
  readonly joined: ReadonlySet<string>;
}

/** The quarantine of an alert, from the items that were read. */
export function quarantineOf(fingerprint: string, items: ReadonlyMap<string, StateItem>): Quarantine {
  const mine = quarantineKeys(fingerprint).flatMap((key) => items.get(key) ?? []);
  const all = (name: string): string[] => mine.flatMap(({ sets }) => [...(sets.get(name) ?? [])]);
  return {
    observations: all(texts).sort().map(readWithheld),
    inIncident: all(incidents).length > 0,
    joined: new Set(all(joinedSet)),
  };
}

/** Notes that time let a lesson join. */
export function joinedMerge(fingerprint: string, observation: Withheld, now: number): Merge {
  const key = quarantineKeys(fingerprint)[shardOf(observation)] ?? '';
  return { key, sets: { [joinedSet]: [joinedName(observation)] }, expires: now + keptDays * day, cap: Number.MAX_SAFE_INTEGER };
}

/** A lesson in few characters. */
export function joinedName(observation: Pick<Withheld, 'key' | 'member'>): string {
  return digest(memberLength, [lessonName(observation)]);
}

/** Notes that alerts are part of an incident: they join by a person's word alone. */
export function incidentMerges(fingerprints: readonly string[], incident: string, now: number): Merge[] {
  return [...new Set(fingerprints)].map((fingerprint) => ({
    key: quarantineKeys(fingerprint)[0] ?? '',
    sets: { [incidents]: [incident] },
    expires: now + keptDays * day,
    cap: 50,
  }));
}

/** Where the alerts stand whose novelties of a day may join by themselves. */
export function candidatesKey(on: number): string {
  return `novelty:${String(on)}`;
}

/** Notes the days of a group whose novelties may join by themselves. */
export function candidateMerges({ fingerprint, first, last }: FindingGroup): Merge[] {
  return [...new Set([dayOf(first), dayOf(last)])].map((on) => ({
    key: candidatesKey(on),
    sets: { [alertsSet]: [fingerprint] },
    expires: (on + keptDays) * day,
    cap: mostPerDay,
  }));
}

/** The alerts of a day. */
export function candidatesIn(item: StateItem | undefined): readonly string[] {
  return [...(item?.sets.get(alertsSet) ?? [])];
}

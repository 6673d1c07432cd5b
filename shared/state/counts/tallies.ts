import { day, minute } from '../../model/time.ts';
import { Batches } from '../batches.ts';
import { keyAt, type Merge, placeOf, type Removal, type StateItem, type StateStore } from '../store.ts';
import { lineageOf } from './cell.ts';
import { CountLog, type LogName, logMinutes, logOf, partitionOf } from './count-log.ts';

/*
 * What profiles are made from: how much each counter held in each stretch of a day. Every night the logs of days that are over are
 * tallied, one item for each counter and day. A stretch's count only grows with what is known of it, so tallies are joined by
 * union and read by the greatest: to tally a day again, after something came late, is to know it better.
 */

/** Tallies last long enough for profiles to see whole weeks. */
const talliesKept = 35 * day;

/** Stretches with their counts, and those in which a threshold fired: they stay out of profiles. */
const countsSet = 'w';
const firedSet = 'f';
/** No set of an item grows beyond it. */
const noCap = Number.MAX_SAFE_INTEGER;

/** The days whose logs are not tallied. */
const openKey = 'counts-open';
const openSet = 'days';
const marksKept = 10 * day;
const mostMarks = 5_000;

/** Counters of a detection that a day is tallied of: more are invented, and those with the smallest digests are as good as any. */
export const mostTallied = 20_000;

const minutesOfDay = day / minute;
const logsOfDay = minutesOfDay / logMinutes;

/** The item in which a counter's day is tallied. */
export function tallyKey(counter: string, dayOfEpoch: number): string {
  return keyAt(counter.replace(/^window:/, 'tally:'), String(dayOfEpoch));
}

/** A counter and its day, by the key of an item. */
export function tallied(key: string): { readonly counter: string; readonly day: number } {
  const { partition, sort } = placeOf(key);
  return { counter: partition.replace(/^tally:/, 'window:'), day: Number(sort) };
}

/** Notes that a threshold fired in a stretch. */
export function firedMerge(counter: string, stretch: number, length: number): Merge {
  const on = Math.floor((stretch * length) / minutesOfDay);
  return tallyMerge(counter, on, { [firedSet]: [String(stretch)] });
}

function tallyMerge(counter: string, on: number, sets: Merge['sets']): Merge {
  return { key: tallyKey(counter, on), sets, expires: on * day + talliesKept, cap: noCap };
}

/** What an item tells: counts by stretch since the epoch, and the stretches in which the threshold fired. */
export function tallyIn(item: StateItem): { readonly counts: ReadonlyMap<number, number>; readonly fired: readonly number[] } {
  const counts = new Map<number, number>();
  for (const member of item.sets.get(countsSet) ?? []) {
    const [stretch = NaN, count = NaN] = member.split(' ').map(Number);
    counts.set(stretch, Math.max(count, counts.get(stretch) ?? 0));
  }
  return { counts, fired: [...(item.sets.get(firedSet) ?? [])].map(Number) };
}

/** The mark that the day of a minute has something to tally; `nonce` tells it from one that was set and taken away before. */
export function dayMark({ source, scope }: Omit<LogName, 'number'>, minuteOfEpoch: number, nonce?: string): Merge {
  const on = Math.floor(minuteOfEpoch / minutesOfDay);
  const member = [source, scope, String(on), ...(nonce === undefined ? [] : [nonce])].join('\t');
  return { key: openKey, sets: { [openSet]: [member] }, expires: (on + 1) * day + marksKept, cap: mostMarks };
}

/** The pseudo counter whose tallies tell on which days anything was counted in a cluster. */
const anything = (scope: string): string => `window::${scope}`;

/** How long the windows of a detection are; absent where nobody learns from its counts. */
export type Lengths = ReadonlyMap<string, number>;

/**
 * Tallies the days that were over at a moment, the marks last: a crash tallies the same again. False where time ran out: then to go on is
 * to call it again.
 */
export async function tallyDays(
  lengths: Lengths,
  store: StateStore,
  until: number,
  timeLeft: () => boolean = () => true,
): Promise<boolean> {
  const marks = (await store.read([openKey], 'strong')).get(openKey)?.sets.get(openSet) ?? [];
  const days = Map.groupBy(marks, (mark) => mark.split('\t', 3).join('\t'));
  for (const [name, some] of days) {
    const [source = '', scope = '', on] = name.split('\t');
    if (!((Number(on) + 1) * day <= until)) continue;
    if (!timeLeft()) return false;
    await tallyDay({ source, scope }, Number(on), lengths, store);
    const removal: Removal = { key: openKey, sets: { [openSet]: some } };
    await store.remove([removal]);
  }
  return true;
}

async function tallyDay(log: Omit<LogName, 'number'>, on: number, lengths: Lengths, store: StateStore): Promise<void> {
  const stretches = new Map<string, string[]>();
  const first = logOf(on * minutesOfDay);
  for (let number = first; number < first + logsOfDay; number += 1) {
    const counted = new CountLog({ ...log, number });
    counted.add(await store.list(partitionOf({ ...log, number }), { consistency: 'eventual' }));
    for (const counter of counted.counters()) {
      const length = lengths.get(lineageOf(counter).detection);
      if (length === undefined) continue;
      const known = stretches.get(counter) ?? [];
      for (const [stretch, { size }] of stretchesIn(counted, counter, length)) known.push(`${String(stretch)} ${String(size)}`);
      if (known.length > 0) stretches.set(counter, known);
    }
  }
  const tallies = new Batches<Merge>(async (some) => {
    await store.merge(some);
  });
  await tallies.add(tallyMerge(anything(log.scope), on, { [countsSet]: ['0 1'] }));
  for (const counters of Map.groupBy(stretches.keys(), (counter) => lineageOf(counter).detection).values())
    for (const counter of smallest(counters, mostTallied))
      await tallies.add(tallyMerge(counter, on, { [countsSet]: stretches.get(counter) ?? [] }));
  await tallies.flush();
}

function smallest(counters: readonly string[], most: number): readonly string[] {
  if (counters.length <= most) return counters;
  // The group comes first in a name: by the digest after it nobody can crowd the others out.
  const whose = (counter: string): string => counter.slice(counter.lastIndexOf('/'));
  return counters.toSorted((one, other) => (whose(one) < whose(other) ? -1 : 1)).slice(0, most);
}

function stretchesIn(log: CountLog, counter: string, length: number): ReadonlyMap<number, ReadonlySet<string>> {
  const stretches = new Map<number, Set<string>>();
  log.eachCell(counter, (at, member) => {
    if (logOf(at) !== log.name.number) return;
    const stretch = Math.floor(at / length);
    const members = stretches.get(stretch);
    if (members === undefined) stretches.set(stretch, new Set([member]));
    else members.add(member);
  });
  return stretches;
}

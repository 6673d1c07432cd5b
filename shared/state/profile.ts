import { number, object, parseJson } from '../model/json.ts';
import { day, hour, minute } from '../model/time.ts';
import { alone, type StateDocument, type StateItem } from './store.ts';
import { firedSet, minutesOf } from './window.ts';

/** What a counter's busy windows look like, per class of time. Replaced whole by recomputation. */
export interface Profile {
  /** The day the profile was made on, since the epoch. */
  readonly generation: number;
  readonly classes: Readonly<Record<string, Spread>>;
}

/** Where counts lie. */
export interface Spread {
  readonly windows: number;
  readonly median: number;
  /** Median absolute deviation, unscaled. */
  readonly mad: number;
  readonly max: number;
}

/** A class with fewer windows than this has no opinion; all times together speak instead. */
const enoughWindows = 8;
/** Profiles outlive some missed recomputations. */
const keptDays = 21;
const everyTime = 'all';

/** Scales a median absolute deviation to a standard deviation of normal data. */
export const madScale = 1.4826;

/** Work, evening or night on a weekday or weekend, UTC. */
function timeClass(time: number): string {
  const date = new Date(time);
  const part =
    date.getUTCHours() >= 7 && date.getUTCHours() < 18 ? 'work' : date.getUTCHours() >= 18 && date.getUTCHours() < 23 ? 'evening' : 'night';
  return `${date.getUTCDay() % 6 === 0 ? 'weekend' : 'weekday'}-${part}`;
}

/** Where a counter's profile stands. */
export function profileKey(counter: string): string {
  return counter.replace(/^window:/, 'profile:');
}

/** The spread that applies at a time, if the profile knows enough. */
export function spreadAt(item: StateItem | undefined, time: number): (Spread & { readonly class: string }) | undefined {
  if (item?.document === undefined) return undefined;
  const classes = object(object(parseJson(item.document))?.['classes']);
  for (const name of [timeClass(time), everyTime]) {
    const spread = object(classes?.[name]);
    const [windows, median, mad, max] = ['windows', 'median', 'mad', 'max'].map((field) => number(spread?.[field]));
    if (windows === undefined || median === undefined || mad === undefined || max === undefined) continue;
    if (windows >= enoughWindows) return { class: name, windows, median, mad, max };
  }
  return undefined;
}

/**
 * The profile of a counter from its window items: the counts of its busy windows of `length` minutes. Windows in
 * which a threshold fired teach nothing.
 */
export function profileOf(items: readonly StateItem[], length: number, now: number): Profile {
  const fired = new Set(items.flatMap((item) => [...(item.sets.get(firedSet) ?? [])].map(Number)));
  const windows = new Map<number, Set<string>>();
  for (const [at, members] of minutesOf(items)) {
    const stretch = Math.floor(at / length);
    // A window may begin in one stretch and end in the next.
    if (fired.has(stretch) || fired.has(stretch - 1)) continue;
    const counted = windows.get(stretch) ?? new Set();
    for (const member of members) counted.add(member);
    windows.set(stretch, counted);
  }
  const counts = new Map<string, number[]>();
  for (const [stretch, members] of windows) {
    for (const name of [everyTime, timeClass(stretch * length * minute)]) counts.set(name, [...(counts.get(name) ?? []), members.size]);
  }
  return {
    generation: Math.floor(now / day),
    classes: Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)).map(([name, values]) => [name, spreadOf(values)])),
  };
}

/** A profile as the store keeps it. */
export function profileDocument(counter: string, profile: Profile, now: number): StateDocument {
  return { partition: profileKey(counter), sort: alone, document: JSON.stringify(profile), expires: now + keptDays * day + hour };
}

function spreadOf(values: readonly number[]): Spread {
  const middle = median(values);
  return { windows: values.length, median: middle, mad: median(values.map((value) => Math.abs(value - middle))), max: Math.max(...values) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}

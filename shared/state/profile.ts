import { number, object, parseJson } from '../model/json.ts';
import { day, hour } from '../model/time.ts';
import { alone, type StateDocument, type StateItem } from './store.ts';
import { lineageOf } from './counts/cell.ts';

/** What the busy windows of a counter, or of many, look like, per class of time. Replaced whole by recomputation. */
export interface Profile {
  /** The moment of the recomputation, milliseconds since the epoch. */
  readonly generation: number;
  /** Days with windows: of a counter its own, of a cluster those on which anything was counted there. */
  readonly days: number;
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

/** Profiles outlive some missed recomputations; after that nobody believes them, whether or not the table has collected them. */
const kept = 21 * day;

/** The class that every window is in. */
export const everyTime = 'all';

/** Scales a median absolute deviation to a standard deviation of normal data. */
export const madScale = 1.4826;

/** Work, evening or night on a weekday or weekend, UTC. */
export function timeClass(time: number): string {
  const date = new Date(time);
  const part =
    date.getUTCHours() >= 7 && date.getUTCHours() < 18 ? 'work' : date.getUTCHours() >= 18 && date.getUTCHours() < 23 ? 'evening' : 'night';
  return `${date.getUTCDay() % 6 === 0 ? 'weekend' : 'weekday'}-${part}`;
}

/** Where a counter's profile stands. */
export function profileKey(counter: string): string {
  return counter.replace(/^window:/, 'profile:');
}

/** Where the profile of a group, of a cluster or of all clusters stands. */
export function parentKey(detection: string, scope?: string, group?: string): string {
  return `parent:${detection}${scope === undefined ? '' : `:${scope}`}${group === undefined ? '' : `/${group}`}`;
}

/** Whose habits speak for a counter, the nearest first. */
export type Whose = 'own' | 'group' | 'cluster' | 'fleet';

/** Where the profiles that speak for a counter stand, the nearest first. */
export function lineKeys(counter: string): readonly (readonly [whose: Whose, key: string])[] {
  const { detection, scope, group } = lineageOf(counter);
  return [
    ['own', profileKey(counter)],
    ...(group === undefined ? [] : [['group', parentKey(detection, scope, group)] as const]),
    ['cluster', parentKey(detection, scope)],
    ['fleet', parentKey(detection)],
  ];
}

/** A profile as it was stored, if it is fresh enough to be believed at a time. */
export function profileIn(item: StateItem | undefined, time: number): Profile | undefined {
  const stored = object(parseJson(item?.document ?? ''));
  const generation = number(stored?.['generation']);
  if (generation === undefined || time > generation + kept) return undefined;
  const classes = Object.entries(object(stored?.['classes']) ?? {}).flatMap(([name, value]) => {
    const spread = spreadIn(value);
    return spread === undefined ? [] : [[name, spread] as const];
  });
  return { generation, days: number(stored?.['days']) ?? 0, classes: Object.fromEntries(classes) };
}

function spreadIn(value: unknown): Spread | undefined {
  const [windows, median, mad, max] = ['windows', 'median', 'mad', 'max'].map((field) => number(object(value)?.[field]));
  if (windows === undefined || median === undefined || mad === undefined || max === undefined) return undefined;
  return { windows, median, mad, max };
}

/** A profile from the spreads of its classes. */
export function profileFrom(generation: number, days: number, classes: Iterable<readonly [name: string, spread: Spread]>): Profile {
  return { generation, days, classes: Object.fromEntries([...classes].sort(([one], [other]) => (one < other ? -1 : 1))) };
}

/** A profile as the store keeps it. */
export function profileDocument(key: string, profile: Profile): StateDocument {
  const { generation } = profile;
  return { partition: key, sort: alone, document: JSON.stringify(profile), expires: generation + kept + hour, generation };
}

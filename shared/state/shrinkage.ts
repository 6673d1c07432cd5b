import { everyTime, madScale, type Profile, type Spread, timeClass, type Whose } from './profile.ts';

/**
 * What a counter usually does, as far as it is known: its own habits as far as they go, and for the rest those of its group,
 * then of its cluster, then of all clusters (docs/decisions/0009-profiles-and-their-parents.md).
 */

/** So many windows weigh as much as everything that stands behind them. */
export const evenWindows = 8;

/** How far that many windows are believed: more with each, and never wholly. */
export function weightOf(windows: number): number {
  return windows / (windows + evenWindows);
}

/** What is usual at a time. */
export interface Habit {
  readonly windows: number;
  readonly median: number;
  /** A standard deviation, at least one: what never varied still varies by one. */
  readonly deviation: number;
  readonly most: number;
}

/** What a profile says of a time. A class of time that is seldom seen shrinks to all times together. */
export function habitAt(profile: Profile | undefined, time: number): Habit | undefined {
  const all = profile?.classes[everyTime];
  if (all === undefined || all.windows <= 0) return undefined;
  const timely = profile?.classes[timeClass(time)] ?? all;
  const weight = weightOf(timely.windows);
  const between = (one: number, other: number): number => weight * one + (1 - weight) * other;
  return {
    windows: all.windows,
    median: between(timely.median, all.median),
    deviation: between(deviationOf(timely), deviationOf(all)),
    most: all.max,
  };
}

function deviationOf({ mad }: Spread): number {
  return Math.max(1, madScale * mad);
}

/** Whose habit speaks, and how large a share of the whole it has. */
export interface Voice {
  readonly whose: Whose;
  readonly share: number;
  readonly habit: Habit;
}

/** Habits together. */
export interface Blend {
  readonly voices: readonly Voice[];
  readonly median: number;
  readonly deviation: number;
  /** The share of which nobody knows anything: the ceiling has it. */
  readonly unknown: number;
}

/** Blends habits, the nearest first: each leaves to the next what it does not know. Absent where nobody knows anything. */
export function blend(line: readonly (readonly [whose: Whose, habit: Habit | undefined])[]): Blend | undefined {
  const voices: Voice[] = [];
  let unknown = 1;
  for (const [whose, habit] of line) {
    if (habit === undefined) continue;
    const share = unknown * weightOf(habit.windows);
    voices.push({ whose, share, habit });
    unknown -= share;
  }
  if (voices.length === 0) return undefined;
  const known = voices.reduce((sum, { share }) => sum + share, 0);
  const mean = (of: (habit: Habit) => number): number => voices.reduce((sum, { share, habit }) => sum + share * of(habit), 0) / known;
  return { voices, median: mean(({ median }) => median), deviation: mean(({ deviation }) => deviation), unknown };
}

/** Where a count becomes too much, before ceiling and floor. */
export function limitOf({ median, deviation, unknown }: Blend, deviations: number, ceiling: number): number {
  return (1 - unknown) * (median + deviations * deviation) + unknown * ceiling;
}

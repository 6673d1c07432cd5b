import type { CountLog } from './count-log.ts';

/** A window whose count is known. */
export interface WindowCount {
  /** First minute, since the epoch. */
  readonly start: number;
  readonly count: number;
  /** Windows that start in the same stretch are one: the finding's identity. */
  readonly stretch: number;
}

/** Members by the minute, since the epoch, in which they were counted. */
export type Minutes = ReadonlyMap<number, ReadonlySet<string>>;

/** The minutes of a counter that windows over changed ones may hold. */
export function minutesAround(logs: readonly CountLog[], counter: string, changed: readonly number[], length: number): Minutes {
  const [first, last] = [Math.min(...changed) - length, Math.max(...changed) + length];
  const minutes = new Map<number, Set<string>>();
  for (const log of logs)
    log.eachCell(counter, (at, member) => {
      if (at <= first || at >= last) return;
      const members = minutes.get(at);
      if (members === undefined) minutes.set(at, new Set([member]));
      else members.add(member);
    });
  return minutes;
}

/** Every window of `length` minutes that begins on a counted minute and holds a changed one, with its count. */
export function windowCounts(counted: Minutes, changed: readonly number[], length: number): WindowCount[] {
  const minutes = [...counted].sort(([a], [b]) => a - b);
  const first = Math.min(...changed) - length + 1;
  const last = Math.max(...changed);
  const inside = new Map<string, number>();
  const counts: WindowCount[] = [];
  let reached = 0;
  // The window slides: every member enters once and leaves once.
  for (const [start, leaving] of minutes) {
    for (; (minutes[reached]?.[0] ?? Infinity) < start + length; reached += 1) {
      for (const member of minutes[reached]?.[1] ?? []) inside.set(member, (inside.get(member) ?? 0) + 1);
    }
    if (start >= first && start <= last) counts.push({ start, count: inside.size, stretch: Math.floor(start / length) });
    for (const member of leaving) {
      const times = inside.get(member) ?? 0;
      if (times > 1) inside.set(member, times - 1);
      else inside.delete(member);
    }
  }
  return counts;
}

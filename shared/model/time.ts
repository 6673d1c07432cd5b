/** Durations and calendar arithmetic in milliseconds since the epoch, UTC. */
export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Days since the epoch. */
export function dayOf(time: number): number {
  return Math.floor(time / day);
}

/** The week of a day, both since the epoch, turning over on Thursdays 00:00 UTC: only equality and distance matter. */
export function weekOf(dayOfEpoch: number): number {
  return Math.floor(dayOfEpoch / 7);
}

/** The last moment that a `Date` can hold. */
const lastMoment = 8.64e15;

/** RFC 3339 in milliseconds. A number beyond all dates, which a log may hold, is the first or last of them. */
export function iso(time: number): string {
  return new Date(Math.min(Math.max(time, -lastMoment), lastMoment) || 0).toISOString();
}

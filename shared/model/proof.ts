import { proofOfLife } from '../contract/logs.ts';
import { object, parseJson, text } from './json.ts';
import { iso, minute } from './time.ts';

/** That a line which we wrote into a cluster's log group came through, as far as whoever holds this. */
export interface Proof {
  readonly cluster: string;
  /** The quarter of an hour that the line was written for: milliseconds since the epoch. */
  readonly time: number;
}

const interval = 15 * minute;
/** What takes longer proves that the path is open, and not that it is of use. */
const latest = 45 * minute;
/** Clocks differ. */
const earliest = -5 * minute;

/** The quarter of an hour that a moment is in: the times that proofs have, so that there are few however many lines say so. */
export function quarterOf(time: number): number {
  return Math.floor(time / interval) * interval;
}

/** The line that is written for a moment. */
export function proofLine(time: number): string {
  return JSON.stringify({ [proofOfLife.marker]: true, time: iso(quarterOf(time)) });
}

const longestLine = proofLine(0).length;

/** The time in such a line; absent in any other. */
export function proofTimeIn(line: string): number | undefined {
  if (line.length > longestLine) return undefined;
  const time = Date.parse(text(object(parseJson(line))?.['time']) ?? '');
  return Number.isFinite(time) && proofLine(time) === line ? time : undefined;
}

/** Whether a proof of this time says something about now. */
export function isTimely(time: number, now: number): boolean {
  return now - time <= latest && now - time >= earliest;
}

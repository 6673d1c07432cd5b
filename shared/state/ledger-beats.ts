import { hour, minute } from '../model/time.ts';
import type { Pair } from './ledger-pair.ts';
import { spreadOf } from './sketch.ts';

/** A minute with no more than this may be a call home: a request, an answer and their headers. */
const smallMinute = 16 * 1024;

/** The minutes in which a pair was active, small ones apart: a rhythm shows in them. */
export interface Beats {
  /** Minutes since the epoch, in order. */
  readonly small: readonly number[];
  /** Minutes that held more, in which a small call could hide. */
  readonly busy: readonly number[];
  /** Median of what small minutes held, and median distance from it. */
  readonly bytes: number;
  readonly away: number;
}

/** The beats of a pair in the hour that began at a time. */
export function beatsOf({ minutes }: Pick<Pair, 'minutes'>, start: number): Beats {
  const first = Math.floor(start / minute);
  const inOrder = [...minutes].sort(([one], [other]) => one - other);
  const small = inOrder.filter(([, { bytes }]) => bytes <= smallMinute);
  const tally = new Map<number, number>();
  for (const [, { bytes }] of small) tally.set(bytes, (tally.get(bytes) ?? 0) + 1);
  const { median, mad } = spreadOf(tally);
  return {
    small: small.map(([at]) => first + at),
    busy: inOrder.flatMap(([at, { bytes }]) => (bytes > smallMinute ? [first + at] : [])),
    bytes: median,
    away: mad,
  };
}

/** Minutes of one hour as text: a bit each. */
export function minutesText(minutes: readonly number[], start: number): string {
  const first = Math.floor(start / minute);
  let bits = 0n;
  for (const at of minutes) bits |= 1n << BigInt(at - first);
  return bits === 0n ? '' : bits.toString(36);
}

/** The minutes of an hour that a text stands for. */
export function minutesIn(text: string, start: number): readonly number[] {
  if (!/^[0-9a-z]{1,12}$/.test(text)) return [];
  const first = Math.floor(start / minute);
  let bits = 0n;
  for (const digit of text) bits = bits * 36n + BigInt(Number.parseInt(digit, 36));
  return Array.from({ length: hour / minute }, (_, at) => first + at).filter((at) => ((bits >> BigInt(at - first)) & 1n) === 1n);
}

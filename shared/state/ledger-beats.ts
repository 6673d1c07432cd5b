import { minute } from '../model/time.ts';
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

import { day, second } from '../model/time.ts';

/** A stretch of time in milliseconds since the epoch, without its end. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How long a span is, in milliseconds. */
export function lengthOf({ from, to }: Span): number {
  return to - from;
}

/** The days of a span, UTC, the first and the last as far as it reaches. */
export function daysOf({ from, to }: Span): Span[] {
  const days: Span[] = [];
  for (let start = from; start < to;) {
    const end = Math.min(to, (Math.floor(start / day) + 1) * day);
    days.push({ from: start, to: end });
    start = end;
  }
  return days;
}

/** Both halves of a span, parted at a whole second: Insights knows no finer time. */
export function halvesOf({ from, to }: Span): readonly [Span, Span] {
  const middle = Math.round((from + to) / 2 / second) * second;
  return [
    { from, to: middle },
    { from: middle, to },
  ];
}

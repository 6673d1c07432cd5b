import type { Span } from './span.ts';
import { lengthOf } from './span.ts';

/** Bytes that may be scanned, kept account of as queries begin and end: those under way count with what is expected of them. */
export class Allowance {
  /** Bytes that queries did scan. */
  scanned = 0;
  private readonly most: number;
  private answered = 0;
  private pending = 0;
  private readonly expectedRate: number;

  /** `expectedRate`: bytes a millisecond of log is expected to hold, until queries tell. */
  constructor(most: number, expectedRate: number) {
    this.most = most;
    this.expectedRate = expectedRate;
  }

  /** Takes what a query over a span is expected to scan; false where it is not left. */
  take(span: Span): boolean {
    if (this.scanned + (this.pending + lengthOf(span)) * this.rate() > this.most) return false;
    this.pending += lengthOf(span);
    return true;
  }

  /** A query over a span has ended. */
  settle(span: Span, scanned: number): void {
    this.pending -= lengthOf(span);
    this.answered += lengthOf(span);
    this.scanned += scanned;
  }

  /** A group that grew holds more now than its mean: the larger of what was expected and what was seen. */
  private rate(): number {
    return Math.max(this.expectedRate, this.answered === 0 ? 0 : this.scanned / this.answered);
  }
}

import { scanCost } from '../knowledge/prices.ts';
import { day } from '../model/time.ts';
import { lengthOf, type Span } from './span.ts';

/** What is known of a log group before anything is asked. */
export interface LogGroup {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** As CloudWatch Logs last counted it, which it does about daily. */
  readonly storedBytes: number;
  /** When it was made, milliseconds since the epoch. */
  readonly created: number;
  /** Absent where lines are kept for ever. */
  readonly retentionDays: number | undefined;
}

/** What a reading is expected to take. */
export interface Estimate {
  /** Scanned by all queries together. */
  readonly bytes: number;
  readonly dollars: number;
  /** Bytes that one millisecond of log holds, on average. */
  readonly rate: number;
}

/** The cost of asking so many questions over a span: the share of the group's time that the span covers is its share of the bytes. */
export function estimateOf(group: LogGroup, span: Span, questions: number): Estimate {
  const age = Math.max(span.to - group.created, 1);
  const held = Math.min(age, (group.retentionDays ?? Infinity) * day);
  const rate = group.storedBytes / held;
  const bytes = Math.round(rate * Math.min(lengthOf(span), held) * questions);
  return { bytes, dollars: scanCost(bytes, group.region), rate };
}

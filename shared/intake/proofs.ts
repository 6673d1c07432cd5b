import { isTimely, proofTimeIn } from '../model/proof.ts';
import type { LogRecord } from '../model/record.ts';

/**
 * The times of proofs of life among lines, each once. Anybody who may write to the log group may write such lines: nothing of them is
 * used but a time, of which only the last few quarters of an hour are taken, however many lines there are.
 */
export function proofTimesIn(records: readonly LogRecord[], received: number): readonly number[] {
  const times = records.map(({ message }) => proofTimeIn(message)).filter((time) => time !== undefined);
  return [...new Set(times.filter((time) => isTimely(time, received)))].sort((a, b) => a - b);
}

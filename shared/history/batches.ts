import type { Batch } from '../intake/batch.ts';
import { auditEventTime, authenticatorEventTime } from '../intake/event-time.ts';
import type { Scope } from '../model/base.ts';
import type { LogRecord } from '../model/record.ts';

/** Lines handed to the pipeline at once: as many as a large payload of a subscription. */
const linesAtOnce = 1_000;

/** Lines of a control-plane log group as batches, in the order of their time. The questions asked for these two logs only. */
export function* batchesOf(lines: readonly LogRecord[], scope: Scope, place: string): Generator<Batch> {
  const timed = lines.map((record) => ({ record, log: logOf(record), time: timeOf(record) })).sort((a, b) => a.time - b.time);
  for (let from = 0; from < timed.length; from += linesAtOnce) {
    const some = timed.slice(from, from + linesAtOnce);
    for (const log of ['audit', 'authenticator'] as const) {
      const records = some.filter((line) => line.log === log).map(({ record }) => record);
      if (records.length > 0) yield { log, scope, place, records, rejects: [], skipped: {} };
    }
  }
}

function logOf({ message }: LogRecord): 'audit' | 'authenticator' {
  return message.startsWith('{') ? 'audit' : 'authenticator';
}

function timeOf(record: LogRecord): number {
  const told = logOf(record) === 'audit' ? auditEventTime(record.message) : authenticatorEventTime(record.message);
  return told ?? record.ingested ?? 0;
}

import type { EventBase, Scope } from './base.ts';
import { digest, identifierLength } from './hash.ts';
import type { LogRecord } from './record.ts';
import { dayOf } from './time.ts';

/** What may be wrong with the log itself. */
export type IntakeTrouble = 'unreadable-payload' | 'foreign-stream' | 'truncated-line' | 'unreadable-line' | 'reused-audit-id';

/** Something about the log itself that a person should know: an adversary may write to logs, too. */
export interface IntakeEvent extends EventBase {
  readonly source: 'intake';
  readonly trouble: IntakeTrouble;
  /** Log group and stream, or file. */
  readonly place: string;
  /** One line for the alert, and the record's id. */
  readonly note: string;
  readonly recordId: string;
}

/** The event for a trouble with one record; the same trouble with the same record is the same event. */
export function intakeEvent(trouble: IntakeTrouble, place: string, record: LogRecord, scope: Scope, note: string): IntakeEvent {
  return {
    source: 'intake',
    key: digest(identifierLength, [trouble, place, record.id]),
    time: record.ingested ?? 0,
    day: dayOf(record.ingested ?? 0),
    scope,
    late: false,
    trouble,
    place,
    note,
    recordId: record.id,
  };
}

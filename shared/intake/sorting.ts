import type { AddressBook } from '../model/addresses.ts';
import type { Event } from '../model/event.ts';
import { type IntakeEvent, type IntakeTrouble, intakeEvent } from '../model/intake.ts';
import { type Reading, readApi, readAudit, readFlow } from '../model/normalise.ts';
import type { LogRecord, Reject, RejectReason, SkipReason } from '../model/record.ts';
import type { Batch } from './batch.ts';

/** What became of the lines of a batch. Their sum is the number of lines that came in. */
export interface Fates {
  readonly judged: number;
  readonly repeated: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  readonly rejected: Readonly<Partial<Record<RejectReason, number>>>;
}

/** A batch with its lines read and told apart. */
export interface Sorted {
  /** Each request, call or conversation once, and what is wrong with the log itself. */
  readonly events: readonly Event[];
  readonly rejects: readonly Reject[];
  /** The fates of the lines, once it is known which events somebody judges. */
  fates(judged: ReadonlySet<Event>): Fates;
}

/** Requests remembered: enough for the redeliveries and second stages of some minutes. */
const remembered = 50_000;

/**
 * Reads batches and recognises what this process handled before. Forgetting is harmless: identities of findings and
 * members of counts rest on the same keys, so a repetition that slips through changes nothing.
 */
export class Sorter {
  private readonly handled = new Map<string, true>();
  private readonly requestOfAuditId = new Map<string, string>();
  private readonly book: AddressBook;

  constructor(book: AddressBook) {
    this.book = book;
  }

  sort(batch: Batch): Sorted {
    const readings = this.read(batch);
    const rejects = [...batch.rejects];
    const skipped: Partial<Record<SkipReason, number>> = { ...batch.skipped };
    const lines = new Map<Event, number>();
    const keys = new Map<string, Event>();
    const flowLines = new Set<string>();
    const troubles: IntakeEvent[] = [];
    let repeated = 0;

    readings.forEach((reading, position) => {
      const record = batch.records[position] as LogRecord;
      if ('reject' in reading) rejects.push(reading);
      else if ('skip' in reading) skipped[reading.skip] = (skipped[reading.skip] ?? 0) + 1;
      else if (reading.source === 'flow') {
        if (flowLines.has(record.message)) repeated += 1;
        else lines.set(reading, (lines.get(reading) ?? 0) + 1);
        flowLines.add(record.message);
      } else if (this.handled.has(reading.key) || keys.has(reading.key)) repeated += 1;
      else {
        keys.set(reading.key, reading);
        lines.set(reading, 1);
        troubles.push(...this.troublesOf(reading, record, batch.place));
      }
    });
    troubles.push(...rejects.map((reject) => troubleOfReject(reject, batch)));

    return {
      events: [...lines.keys(), ...troubles],
      rejects,
      fates: (judged) => {
        let judgedLines = 0;
        let unread = 0;
        for (const [event, count] of lines)
          if (judged.has(event)) judgedLines += count;
          else unread += count;
        return {
          judged: judgedLines,
          repeated,
          skipped: unread === 0 ? skipped : { ...skipped, 'no-detection-reads-it': unread },
          rejected: countBy(rejects, ({ reject }) => reject),
        };
      },
    };
  }

  /** Remembers what was handled. Called only after everything about it was stored. */
  commit({ events }: Sorted): void {
    for (const event of events) {
      if (event.source === 'flow' || event.source === 'intake') continue;
      remember(this.handled, event.key, true);
      if (event.source === 'audit' && !event.truncated) remember(this.requestOfAuditId, event.auditId, event.key);
    }
  }

  private read(batch: Batch): Reading[] {
    if (batch.log === 'audit') return readAudit(batch.records, batch.scope, this.book);
    if (batch.log === 'api') return readApi(batch.records, batch.scope, this.book);
    return readFlow(batch.records, batch.format, batch.scope, this.book);
  }

  private troublesOf(event: Event, record: LogRecord, place: string): IntakeEvent[] {
    if (event.source !== 'audit') return [];
    const identified = { ...record, ingested: event.time };
    if (event.truncated) {
      const note = `${event.actor.name} sent a ${event.verb} to ${event.uri.split('?', 1)[0] ?? ''} whose record was cut at the size limit`;
      return [intakeEvent('truncated-line', place, identified, event.scope, note)];
    }
    const other = this.requestOfAuditId.get(event.auditId);
    if (other === undefined) {
      remember(this.requestOfAuditId, event.auditId, event.key);
      return [];
    }
    if (other === event.key) return [];
    const reused = { ...identified, id: event.auditId };
    return [
      intakeEvent(
        'reused-audit-id',
        place,
        reused,
        event.scope,
        `${event.actor.name} sent Audit-ID ${event.auditId}, which another request had`,
      ),
    ];
  }
}

function troubleOfReject({ reject, record }: Reject, batch: Batch): IntakeEvent {
  const note = `${reject}: ${record.message.slice(0, 120)}`;
  return intakeEvent(troubleOf(reject), batch.place, record, batch.scope, note);
}

function troubleOf(reject: RejectReason): IntakeTrouble {
  if (reject === 'foreign-stream') return 'foreign-stream';
  return reject.startsWith('bad-') && reject !== 'bad-json'
    ? 'unreadable-payload'
    : reject === 'inflates-too-large'
      ? 'unreadable-payload'
      : 'unreadable-line';
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  if (map.size >= remembered) map.delete(map.keys().next().value ?? '');
  map.set(key, value);
}

function countBy<T>(members: readonly T[], name: (member: T) => RejectReason): Partial<Record<RejectReason, number>> {
  const counts: Partial<Record<RejectReason, number>> = {};
  for (const member of members) counts[name(member)] = (counts[name(member)] ?? 0) + 1;
  return counts;
}

import type { Site } from '../model/site.ts';
import { type AuditEvent, AuditReader } from '../model/audit.ts';
import type { Routine } from '../model/audit-callers.ts';
import { normaliseCoverage } from '../model/coverage.ts';
import type { Event } from '../model/event.ts';
import type { Traffic } from '../model/flow.ts';
import { type IntakeEvent, type IntakeTrouble, intakeEvent } from '../model/intake.ts';
import { type Reading, readApi, readAuditd, readAuthenticator, readFalco, readFlow } from '../model/normalise.ts';
import { Recent } from '../model/recent.ts';
import type { LogRecord, Reject, RejectReason, SkipReason } from '../model/record.ts';
import { SignalFlood } from '../model/signal-flood.ts';
import { owned } from '../model/writing.ts';
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
  /** What a flow log's lines say besides its conversations. */
  readonly traffic?: Traffic;
  /** What tells the requests and calls in it from all others. */
  readonly names: ReadonlySet<string>;
  /** Those of the events that stand for lines. */
  readonly told: readonly Event[];
  readonly skipped: Skipped;
  readonly repeated: number;
}

type Skipped = Fates['skipped'];

/** Requests remembered: enough for the redeliveries and second stages of some minutes. */
const remembered = 50_000;

/**
 * Reads batches and recognises what this process handled before. Forgetting is harmless: identities of findings and
 * members of counts rest on the same keys, so a repetition that slips through changes nothing.
 */
export class Sorter {
  private readonly handled = new Recent<true>(remembered);
  private readonly site: Site;
  private readonly auditReader: AuditReader;
  private readonly signalFlood = new SignalFlood();

  constructor(site: Site) {
    this.site = site;
    this.auditReader = new AuditReader(site);
  }

  sort(batch: Batch): Sorted {
    if (batch.log === 'flow') return this.sortFlow(batch);
    const { records, scope } = batch;
    if (batch.log === 'api') return this.sortReadings(batch, readApi(records, scope, this.site));
    if (batch.log === 'coverage')
      return this.sortReadings(
        batch,
        records.map((record) => normaliseCoverage(record, scope)),
      );
    if (batch.log === 'authenticator') return this.sortReadings(batch, readAuthenticator(records, scope));
    if (batch.log === 'falco') return this.sortSignals(batch, readFalco(records, scope, batch.place));
    if (batch.log === 'auditd') return this.sortSignals(batch, readAuditd(records, batch.keys, scope, batch.place));
    return this.sortReadings(
      batch,
      records.map((record) => this.auditReader.read(record, scope)),
    );
  }

  private sortFlow(batch: Extract<Batch, { log: 'flow' }>): Sorted {
    const { traffic, rejects, skipped, repeated } = readFlow(batch.records, batch.format, batch.scope, this.site);
    const all = [...batch.rejects, ...rejects];
    const told = traffic.events;
    return {
      events: all.length === 0 ? told : [...told, ...all.map((reject) => troubleOfReject(reject, batch))],
      rejects: all,
      traffic,
      names: noNames,
      told,
      skipped: { ...batch.skipped, ...skipped },
      repeated,
    };
  }

  private sortSignals(batch: Batch, readings: readonly Reading[]): Sorted {
    const bounded = readings.map((reading, position) =>
      'source' in reading && reading.source === 'signal'
        ? this.signalFlood.bounded(reading, batch.records[position]?.ingested ?? reading.time)
        : reading,
    );
    return this.sortReadings(batch, bounded);
  }

  private sortReadings(batch: Batch, readings: readonly Reading[]): Sorted {
    const rejects = [...batch.rejects];
    const skipped: Partial<Record<SkipReason, number>> = { ...batch.skipped };
    const events: Event[] = [];
    const troubles: IntakeEvent[] = [];
    const names = new Set<string>();
    let repeated = 0;
    readings.forEach((reading, position) => {
      if ('reject' in reading) rejects.push(reading);
      else if ('skip' in reading) skipped[reading.skip] = (skipped[reading.skip] ?? 0) + 1;
      else {
        const name = owned(nameOf(reading));
        if (names.has(name) || this.handled.get(name) === true) repeated += 1;
        else {
          events.push(reading);
          names.add(name);
          if (reading.source === 'audit' && reading.idReused) troubles.push(reusedAuditId(reading, batch.place));
          if (reading.source === 'audit' && reading.truncated)
            troubles.push(truncatedLine(reading, batch.records[position] as LogRecord, batch.place));
        }
      }
    });
    return {
      events: [...events, ...troubles, ...rejects.map((reject) => troubleOfReject(reject, batch))],
      rejects,
      names,
      told: events,
      skipped,
      repeated,
    };
  }

  /** Remembers what was handled. Called only after everything about it was stored. */
  commit({ names }: Sorted): void {
    for (const name of names) this.handled.set(name, true);
  }

  /** Puts aside, from now on, requests of these routines: they raise nothing and teach nothing until the day is over. */
  noteRoutines(routines: readonly Routine[]): void {
    for (const routine of routines) this.auditReader.noteRoutine(routine);
  }

  /** What was known of routines may be true no longer. */
  forgetRoutines(): void {
    this.auditReader.forgetRoutines();
  }
}

const noNames: ReadonlySet<string> = new Set();

/** The fates of a batch's lines, once it is known which events nobody reads. */
export function fatesOf({ told, rejects, skipped, repeated }: Sorted, unread: ReadonlySet<Event>): Fates {
  let judged = 0;
  let left = 0;
  for (const event of told) {
    const lines = event.source === 'flow' ? event.lines : 1;
    if (unread.size > 0 && unread.has(event)) left += lines;
    else judged += lines;
  }
  const rejected: Partial<Record<RejectReason, number>> = {};
  for (const { reject } of rejects) rejected[reject] = (rejected[reject] ?? 0) + 1;
  return { judged, repeated, skipped: left === 0 ? skipped : { ...skipped, 'no-detection-reads-it': left }, rejected };
}

/** What tells a request from all others: each cluster has a log of its own. */
function nameOf(event: Event): string {
  return `${event.scope.cluster} ${event.source === 'audit' ? event.identity : event.key}`;
}

function truncatedLine(event: AuditEvent, record: LogRecord, place: string): IntakeEvent {
  const note = `${event.actor.name} sent a ${event.verb} to ${event.uri.split('?', 1)[0] ?? ''} whose record was cut at the size limit`;
  return intakeEvent('truncated-line', place, { id: record.id, message: record.message, ingested: event.time }, event.scope, note);
}

function reusedAuditId(event: AuditEvent, place: string): IntakeEvent {
  const record = { id: event.auditId, message: '', ingested: event.time };
  return intakeEvent(
    'reused-audit-id',
    place,
    record,
    event.scope,
    `${event.actor.name} sent Audit-ID ${event.auditId}, which another request had`,
  );
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

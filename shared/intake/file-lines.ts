import { type FlowFormat, isFlowHeader } from '../model/flow-line.ts';
import { at, number, object, parseJson, text } from '../model/json.ts';
import type { LogRecord, Reject, Skip } from '../model/record.ts';
import type { Batch } from './batch.ts';
import type { Element } from './gathering.ts';
import {
  apiEventTime,
  auditdEventTime,
  auditEventTime,
  authenticatorEventTime,
  falcoEventTime,
  flowEventTime,
  oldAuditEventTime,
} from './event-time.ts';
import { exportPrefix, type Form, looksLikeFlow } from './file-form.ts';
import { signalProgramOf } from './signal-form.ts';
import { decodeMessage, decodeSubscription, formatOf, kindOfStream } from './subscription.ts';

/** One line of a log, out of a file. */
export interface FileLine {
  readonly log: Batch['log'];
  /** For flow logs: the order of fields. */
  readonly format?: FlowFormat;
  /** As far as the transport tells; empty where it does not. */
  readonly cluster: string;
  readonly account: string;
  readonly place: string;
  /** Event time in milliseconds since the epoch, for merging; that of the line before where a line does not tell. */
  readonly time: number;
  readonly content: LogRecord | Reject | Skip;
}

/** Reads the elements of one file as lines of logs. */
export class FileReader {
  /** Formats of flow logs met so far. */
  readonly formats = new Set<FlowFormat>();
  private readonly form: Form;
  private readonly path: string;
  private format: FlowFormat;
  private time: number;

  constructor(form: Form, path: string, format: FlowFormat, startTime = 0) {
    this.form = form;
    this.path = path;
    this.format = format;
    this.time = startTime;
  }

  read({ text: element, position, tooLong }: Element): readonly FileLine[] {
    const id = `${this.path}:${String(position)}`;
    if (tooLong) return [this.line(this.log, { reject: 'line-too-long', record: { id, message: element } })];
    switch (this.form.wrapping) {
      case 'none':
        return this.content(this.form.log, { id, message: element });
      case 'export':
        return this.exported(id, element);
      case 'answer':
        return this.answered(id, element);
      case 'subscription':
        return this.delivered(id, element);
    }
  }

  /** A fault of the file itself, told as one line. */
  fault(reject: Reject['reject']): FileLine {
    return this.line(this.log, { reject, record: { id: `${this.path}:end`, message: '' } });
  }

  private get log(): Batch['log'] {
    return this.form.log === 'other' ? 'audit' : this.form.log;
  }

  private content(log: Form['log'], record: LogRecord): readonly FileLine[] {
    if (log === 'other') return [this.line('audit', { skip: 'other-log-type' })];
    if (log !== 'flow') return [this.record(log, record)];
    if (isFlowHeader(record.message)) {
      // Files put together of several have a header each.
      this.format = formatOf(record.message);
      return [];
    }
    return [this.record('flow', record)];
  }

  private exported(id: string, element: string): readonly FileLine[] {
    const prefix = exportPrefix.exec(element);
    if (prefix === null) return [this.line(this.log, { reject: 'bad-envelope', record: { id, message: element } })];
    const [whole, stamp = '', stream] = prefix;
    const ingested = /^\d+$/.test(stamp) ? Number(stamp) : Date.parse(stamp);
    return this.fromStream(
      this.form.log,
      { id, message: element.slice(whole.length), ...(Number.isNaN(ingested) ? {} : { ingested }) },
      stream,
    );
  }

  private answered(id: string, element: string): readonly FileLine[] {
    const event = object(parseJson(element));
    const message = text(event?.['message']);
    const ingested = number(event?.['timestamp']);
    if (message === undefined) {
      return [this.line('audit', { reject: event === undefined ? 'bad-json' : 'bad-envelope', record: { id, message: element } })];
    }
    const named = { id: text(event?.['eventId']) ?? id, message: message.trimEnd(), ...(ingested === undefined ? {} : { ingested }) };
    const log = looksLikeFlow(named.message, this.format) ? 'flow' : (signalProgramOf(named.message) ?? 'audit');
    return this.fromStream(log, named, text(event?.['logStreamName']));
  }

  /** Where the stream is known, only an audit stream's lines count as audit lines. */
  private fromStream(log: Form['log'], record: LogRecord, stream: string | undefined): readonly FileLine[] {
    if (stream === undefined || log === 'flow' || log === 'falco' || log === 'auditd') return this.content(log, record);
    const kind = kindOfStream(stream);
    if (kind === 'audit' || kind === 'authenticator') return this.content(kind, record);
    return [this.line('audit', kind === 'foreign-stream' ? { reject: kind, record } : { skip: kind })];
  }

  private delivered(id: string, element: string): readonly FileLine[] {
    const value = parseJson(element);
    if (value === undefined) return [this.line('audit', { reject: 'bad-json', record: { id, message: element } })];
    const data = text(at(value, 'awslogs', 'data'));
    const batch = data === undefined ? decodeMessage(value, '', {}) : decodeSubscription(data, '', {});
    if (batch === undefined) return [this.line('audit', { reject: 'bad-envelope', record: { id, message: element } })];
    const { cluster, account } = batch.scope;
    const place = cluster === '' && account === '' ? this.path : batch.place;
    const from = { cluster, account, place };
    return [
      ...batch.records.map((record) => this.record(batch.log, record, from)),
      ...batch.rejects.map((reject) => this.refused(reject, from)),
      ...Object.entries(batch.skipped).flatMap(([skip, count]) =>
        Array.from({ length: count }, () => this.line('audit', { skip: skip as Skip['skip'] }, from)),
      ),
    ];
  }

  /** On a laptop no log group is enrolled: the person who names the file vouches for it. */
  private refused(reject: Reject, from: Source): FileLine {
    const log = reject.reject === 'foreign-stream' && from.cluster === '' ? this.logLike(reject.record.message) : undefined;
    if (log !== undefined) return this.record(log, reject.record, from);
    this.time = reject.record.ingested ?? this.time;
    return this.line('audit', reject, from);
  }

  private logLike(message: string): Batch['log'] | undefined {
    return looksLikeFlow(message, this.format) ? 'flow' : signalProgramOf(message);
  }

  private record(log: Batch['log'], record: LogRecord, from?: Source): FileLine {
    const { id, message, ingested } = record;
    const told = this.eventTime(log, message);
    this.time = told ?? ingested ?? (log === 'audit' ? oldAuditEventTime(message) : undefined) ?? this.time;
    if (log === 'flow') this.formats.add(this.format);
    // A record that tells no time took place about when its neighbour did.
    const undated = told === undefined && ingested === undefined;
    return this.line(log, undated ? { id, message, ingested: this.time } : record, from);
  }

  private eventTime(log: Batch['log'], message: string): number | undefined {
    switch (log) {
      case 'audit':
        return auditEventTime(message);
      case 'authenticator':
        return authenticatorEventTime(message);
      case 'api':
      case 'coverage':
        return apiEventTime(message);
      case 'flow':
        return flowEventTime(message, this.format);
      case 'falco':
        return falcoEventTime(message);
      case 'auditd':
        return auditdEventTime(message);
    }
  }

  private line(log: Batch['log'], content: FileLine['content'], from?: Source): FileLine {
    const { cluster = '', account = '', place = this.path } = from ?? {};
    const base = { cluster, account, place, time: this.time, content: 'reject' in content ? dated(content, this.time) : content };
    return log === 'flow' ? { log, format: this.format, ...base } : { log, ...base };
  }
}

interface Source {
  readonly cluster: string;
  readonly account: string;
  readonly place: string;
}

function dated(reject: Reject, time: number): Reject {
  const { id, message, ingested } = reject.record;
  return ingested === undefined ? { reject: reject.reject, record: { id, message, ingested: time } } : reject;
}

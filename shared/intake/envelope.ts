import { list, object, parseJson, unescape } from '../model/json.ts';
import type { LogRecord } from '../model/record.ts';
import { owned } from '../model/writing.ts';

/** A CloudWatch Logs message with its log events still apart. */
export interface Envelope {
  readonly messageType: unknown;
  readonly owner: unknown;
  readonly logGroup: unknown;
  readonly logStream: unknown;
  /** Absent where the message has no list of events. */
  readonly logEvents: readonly unknown[] | undefined;
}

/** An event whose message is text inside JSON text: unescaped only when, and as far as, somebody reads it. */
export class EscapedRecord implements LogRecord {
  readonly ingested: number;
  /** The message as it stands between the quotes of the envelope. */
  readonly escaped: string;
  private readonly escapedId: string;
  private known: string | undefined;

  constructor(escapedId: string, ingested: number, escaped: string) {
    this.escapedId = escapedId;
    this.ingested = ingested;
    this.escaped = escaped;
  }

  get id(): string {
    return owned(unescape(this.escapedId));
  }

  get message(): string {
    this.known ??= unescape(this.escaped);
    return this.known;
  }
}

const listStart = '"logEvents":[{"id":"';
const listEnd = '"}]}';
/** Between two events, after the quote that ends a message. */
const separator = '},{"id":"';
const afterId = '","timestamp":';
const afterTime = ',"message":"';
const nextField = '","';

/**
 * Opens an envelope. Nearly all time would go into unescaping messages, of which nearly all is never read; CloudWatch
 * writes events as `{"id":"…","timestamp":…,"message":"…"}`, and inside a JSON string no quote stands without a
 * backslash before it, so the text between two events cannot occur in a message. All events of a message have the
 * same fields: an envelope whose first event is of another shape is parsed whole.
 */
export function openEnvelope(text: string): Envelope | undefined {
  return openInPieces(text) ?? envelopeIn(parseJson(text));
}

/** The envelope in a JSON value; absent where it is no object. */
export function envelopeIn(value: unknown): Envelope | undefined {
  const whole = object(value);
  return whole && envelopeOf(whole, Array.isArray(whole['logEvents']) ? list(whole['logEvents']) : undefined);
}

function openInPieces(text: string): Envelope | undefined {
  const start = text.indexOf(listStart);
  if (start < 0 || !text.endsWith(listEnd)) return undefined;
  const head = object(parseJson(`${text.slice(0, start)}"logEvents":[]}`));
  if (head === undefined) return undefined;
  const events: EscapedRecord[] = [];
  const last = text.length - listEnd.length;
  for (let from = start + listStart.length; from <= last;) {
    const next = text.indexOf(separator, from);
    const to = next < 0 ? last : next - 1;
    const idEnd = text.indexOf(afterId, from);
    const timeEnd = text.indexOf(afterTime, idEnd);
    if (idEnd < 0 || timeEnd < 0 || timeEnd > to) return undefined;
    const time = countAt(text, idEnd + afterId.length, timeEnd);
    const messageStart = timeEnd + afterTime.length;
    if (time === undefined || (events.length === 0 && hasFurtherField(text, messageStart, to))) return undefined;
    events.push(new EscapedRecord(text.slice(from, idEnd), time, text.slice(messageStart, to)));
    from = to + 1 + separator.length;
  }
  return envelopeOf(head, events);
}

/** Whether more fields follow a message: they would begin with a quote after a comma, which no message can hold. */
function hasFurtherField(text: string, start: number, end: number): boolean {
  const next = text.indexOf(nextField, start);
  return text.charCodeAt(end) !== quote || (next >= 0 && next < end);
}

const quote = 0x22;

/** The number that stands between two places, if it is one as CloudWatch writes times. */
function countAt(text: string, start: number, end: number): number | undefined {
  if (end <= start || end - start > longestCount) return undefined;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

const longestCount = 15;
const zero = 0x30;

function envelopeOf(fields: Readonly<Record<string, unknown>>, logEvents: Envelope['logEvents']): Envelope {
  const { messageType, owner, logGroup, logStream } = fields;
  return { messageType, owner, logGroup, logStream, logEvents };
}

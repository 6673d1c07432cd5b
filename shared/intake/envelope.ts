import { list, object, parseJson, unescape } from '../model/json.ts';
import type { LogRecord, Stretch } from '../model/record.ts';
import { keepShape } from '../model/shapes.ts';

/** A CloudWatch Logs message with its log events still apart. */
export interface Envelope {
  readonly messageType: unknown;
  readonly owner: unknown;
  readonly logGroup: unknown;
  readonly logStream: unknown;
  /** Absent where the message has no list of events. */
  readonly logEvents: readonly unknown[] | undefined;
}

/** Where the parts of an event stand in an envelope. */
interface EventPlaces {
  readonly idStart: number;
  readonly idEnd: number;
  /** The message as it stands between the quotes of the envelope. */
  readonly start: number;
  readonly end: number;
}

/**
 * An event whose message is text inside JSON text: decoded and unescaped only when, and as far as, somebody reads it. A
 * text of its own for each is quicker to look into than a piece of one large text, and nearly all are forgotten at once.
 */
export class EscapedRecord implements LogRecord, Stretch {
  readonly ingested: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  private readonly idStart: number;
  private readonly idEnd: number;
  private known: string | undefined;

  constructor(bytes: Buffer, { idStart, idEnd, start, end }: EventPlaces, ingested: number) {
    this.bytes = bytes;
    this.idStart = idStart;
    this.idEnd = idEnd;
    this.start = start;
    this.end = end;
    this.ingested = ingested;
    this.known = undefined;
  }

  get id(): string {
    return unescape(this.bytes.toString('utf8', this.idStart, this.idEnd));
  }

  /** The message as it stands in the envelope, decoded anew each time. */
  get escaped(): string {
    return this.bytes.toString('utf8', this.start, this.end);
  }

  get inPlace(): Stretch {
    return this;
  }

  get message(): string {
    this.known ??= unescape(this.escaped);
    return this.known;
  }

  /** Whether the message in its envelope is longer than so many characters. */
  isLongerThan(length: number): boolean {
    return this.end - this.start > length && this.escaped.length > length;
  }
}

const nowhere: EventPlaces = { idStart: 0, idEnd: 0, start: 0, end: 0 };

const listStart = Buffer.from('"logEvents":[{"id":"');
const listEnd = Buffer.from('"}]}');
/** Between two events, after the quote that ends a message. */
const separator = Buffer.from('},{"id":"');
const afterId = Buffer.from('","timestamp":');
const afterTime = Buffer.from(',"message":"');
const nextField = Buffer.from('","');

/**
 * Opens an envelope. Nearly all time would go into unescaping messages, of which nearly all is never read; CloudWatch
 * writes events as `{"id":"…","timestamp":…,"message":"…"}`, and inside a JSON string no quote stands without a
 * backslash before it, so the text between two events cannot occur in a message. All events of a message have the
 * same fields: an envelope whose first event is of another shape is parsed whole.
 */
export function openEnvelope(bytes: Buffer): Envelope | undefined {
  return openInPieces(bytes) ?? envelopeIn(parseJson(bytes.toString('utf8')));
}

/** The envelope in a JSON value; absent where it is no object. */
export function envelopeIn(value: unknown): Envelope | undefined {
  const whole = object(value);
  return whole && envelopeOf(whole, Array.isArray(whole['logEvents']) ? list(whole['logEvents']) : undefined);
}

function openInPieces(bytes: Buffer): Envelope | undefined {
  const start = bytes.indexOf(listStart);
  const last = bytes.length - listEnd.length;
  if (start < 0 || last < start || !standsAt(bytes, listEnd, last)) return undefined;
  const head = object(parseJson(`${bytes.toString('utf8', 0, start)}"logEvents":[]}`));
  const events = head && eventsIn(bytes, start + listStart.length, last);
  if (head === undefined || events === undefined) return undefined;
  keepShape('escaped record', new EscapedRecord(separator, nowhere, events[0]?.ingested ?? 0));
  return envelopeOf(head, events);
}

/** The events from a place on, the last of which ends at another; absent where one is of another shape. */
function eventsIn(bytes: Buffer, first: number, last: number): EscapedRecord[] | undefined {
  const events: EscapedRecord[] = [];
  for (let from = first; from <= last;) {
    const idEnd = endOfText(bytes, from);
    const timeStart = idEnd + afterId.length;
    const timeEnd = endOfCount(bytes, timeStart);
    const messageStart = timeEnd + afterTime.length;
    if (messageStart > last || !standsAt(bytes, afterId, idEnd) || !standsAt(bytes, afterTime, timeEnd)) return undefined;
    const time = countAt(bytes, timeStart, timeEnd);
    const to = endOfMessage(bytes, messageStart, last);
    if (time === undefined || (events.length === 0 && hasFurtherField(bytes, messageStart, to))) return undefined;
    events.push(new EscapedRecord(bytes, { idStart: from, idEnd, start: messageStart, end: to }, time));
    from = to + 1 + separator.length;
  }
  return events;
}

/** Where a message ends: at its first quote, if no backslash stands before it, else before the next event. */
function endOfMessage(bytes: Buffer, start: number, last: number): number {
  const first = bytes.indexOf(quote, start);
  if (bytes[first - 1] !== backslash && standsAt(bytes, separator, first + 1)) return first;
  const next = bytes.indexOf(separator, start);
  return next < 0 ? last : next - 1;
}

/** Where the text ends that begins at a place: at its quote, which has no backslash before it. An id with one is for the parser. */
function endOfText(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== quote && bytes[at] !== backslash) at += 1;
  return at;
}

function endOfCount(bytes: Buffer, start: number): number {
  let at = start;
  while (isDigit(bytes[at] ?? 0)) at += 1;
  return at;
}

const isDigit = (byte: number): boolean => byte >= zero && byte <= nine;

function standsAt(bytes: Buffer, mark: Buffer, at: number): boolean {
  for (let position = 0; position < mark.length; position += 1) if (bytes[at + position] !== mark[position]) return false;
  return true;
}

/** Whether more fields follow a message: they would begin with a quote after a comma, which no message can hold. */
function hasFurtherField(bytes: Buffer, start: number, end: number): boolean {
  const next = bytes.indexOf(nextField, start);
  return bytes[end] !== quote || (next >= 0 && next < end);
}

const quote = 0x22;
const backslash = 0x5c;

/** The number in the digits between two places, if there are as many as CloudWatch writes of a time. */
function countAt(bytes: Buffer, start: number, end: number): number | undefined {
  if (end <= start || end - start > longestCount) return undefined;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    value = value * 10 + (bytes[at] ?? 0) - zero;
  }
  return value;
}

const longestCount = 15;
const zero = 0x30;
const nine = 0x39;

function envelopeOf(fields: Readonly<Record<string, unknown>>, logEvents: Envelope['logEvents']): Envelope {
  const { messageType, owner, logGroup, logStream } = fields;
  return { messageType, owner, logGroup, logStream, logEvents };
}

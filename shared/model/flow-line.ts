import { unpublished } from './flow-fields.ts';
import type { LogRecord, RejectReason, SkipReason, Stretch } from './record.ts';

/** Why a line tells of no conversation. */
export type FlowSkip = Extract<SkipReason, 'flow-no-data' | 'flow-skip-data' | 'flow-responder'>;

/** The fields of a flow record that detections use, under our names, in the vendor's spelling. */
const vendorNames = {
  interface: 'interface-id',
  resource: 'resource-id',
  source: 'srcaddr',
  destination: 'dstaddr',
  packetSource: 'pkt-srcaddr',
  packetDestination: 'pkt-dstaddr',
  sourcePort: 'srcport',
  destinationPort: 'dstport',
  protocol: 'protocol',
  packets: 'packets',
  bytes: 'bytes',
  start: 'start',
  end: 'end',
  action: 'action',
  status: 'log-status',
  flags: 'tcp-flags',
  direction: 'flow-direction',
  sourceService: 'pkt-src-aws-service',
  destinationService: 'pkt-dst-aws-service',
} as const;

/** A field of a flow record. */
export type FlowField = keyof typeof vendorNames;

/** Field order of a flow log: where each field we know stands. */
export interface FlowFormat {
  readonly fields: number;
  readonly has: ReadonlySet<FlowField>;
  /** Position of each of our fields; `-1` where the log lacks it. */
  readonly position: Readonly<Record<FlowField, number>>;
  /** Names that no published version has; what stands in their places is not read. */
  readonly unknown: readonly string[];
}

/** The default format, version 2. Source: Amazon VPC user guide, "Flow log records". */
export const defaultFlowFormat =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

const fieldNames = Object.keys(vendorNames) as FlowField[];
const ours: ReadonlySet<string> = new Set(Object.values(vendorNames));

/** A format from field names separated by spaces, with or without `${}` around each. */
export function flowFormatOf(names: string): FlowFormat {
  const order = names
    .trim()
    .split(/\s+/)
    .map((name) => name.replace(/^\$\{(.*)\}$/, '$1'));
  const position = Object.fromEntries(fieldNames.map((field) => [field, order.indexOf(vendorNames[field])])) as Record<FlowField, number>;
  return { fields: order.length, has: new Set(fieldNames.filter((field) => position[field] >= 0)), position, unknown: unpublished(order) };
}

/** Whether a line names flow-log fields: the header that exports to S3 carry, those of transit gateways too. */
export function isFlowHeader(line: string): boolean {
  if (!/^[a-z][a-z0-9-]* [a-z0-9 -]+$/.test(line)) return false;
  const names = line.trim().split(/\s+/);
  return names.length > 3 && names.some((name) => ours.has(name) || name.startsWith('tgw-'));
}

/** The text of one field of a line, without reading the rest of the line. */
export function flowTextAt(line: string, { position }: FlowFormat, field: FlowField): string | undefined {
  if (position[field] < 0) return undefined;
  let from = 0;
  for (let passed = 0; passed < position[field]; passed += 1) {
    from = line.indexOf(' ', from) + 1;
    if (from === 0) return undefined;
  }
  const to = line.indexOf(' ', from);
  return line.slice(from, to < 0 ? line.length : to);
}

/** A time of a line in milliseconds since the epoch, without reading the rest of the line. */
export function flowTimeAt(line: string, format: FlowFormat, field: 'start' | 'end'): number | undefined {
  const stamp = flowTextAt(line, format, field) ?? '';
  const time = /^\d+$/.test(stamp) ? milliseconds(Number(stamp)) : NaN;
  return time >= 0 ? time : undefined;
}

/** One line, split; numbers are `-1` and texts empty where the record has `-` or the format has no such field. */
export interface FlowLine extends FlowNumbers {
  readonly interface: string;
  readonly source: string;
  readonly destination: string;
  readonly sourceService: string;
  readonly destinationService: string;
}

/** What a line says in numbers and by its words. */
interface FlowNumbers {
  sourcePort: number;
  destinationPort: number;
  protocol: number;
  packets: number;
  bytes: number;
  /** Milliseconds since the epoch. */
  end: number;
  accepted: boolean;
  flags: number;
  /** Logged by the receiver's interface. */
  isIngress: boolean;
  /** Sent by the end that was called: says how much came back, and opens nothing. */
  isReply: boolean;
}

/** A text of a line where it stands. `hop` is where a packet was sent on its way: the address of the next interface, be it its destination's or not. */
export type FlowText = 'interface' | 'source' | 'destination' | 'hop' | 'sourceService' | 'destinationService';

/** Seconds until the year 5138: larger stamps are milliseconds, which some exporters write. */
const largestSeconds = 100_000_000_000;
/** The last moment that a `Date` can hold: what lies beyond is no time. */
const largestTime = 8_640_000_000_000_000;

/**
 * The line at hand. Lines are read one after the other, and of nearly all no text is made: one reader notes where things stand,
 * and the next line overwrites it.
 */
export class FlowReader implements FlowNumbers {
  sourcePort = -1;
  destinationPort = -1;
  protocol = -1;
  packets = -1;
  bytes = -1;
  end = -1;
  accepted = true;
  flags = -1;
  isIngress = false;
  isReply = false;
  /** The bytes that the line is a stretch of. */
  text: Uint8Array = noBytes;
  /** Where the next backslash stands in bytes that were searched from a place on. */
  private escape = Infinity;
  private searched: Uint8Array = noBytes;
  private searchedFrom = 0;
  private readonly position: FlowFormat['position'];
  private readonly fields: number;
  /** Where each field begins, and one past the space after the last. */
  private readonly starts: Int32Array;
  /** Fields that were found so far, and where the next begins. */
  private found = 0;
  private from = 0;
  /** Which field holds each text. */
  private readonly places: Record<FlowText, number> = {
    interface: -1,
    source: -1,
    destination: -1,
    hop: -1,
    sourceService: -1,
    destinationService: -1,
  };

  constructor({ fields, position }: FlowFormat) {
    this.fields = fields;
    this.position = position;
    this.starts = new Int32Array(fields + 1);
    this.places.hop = position.destination;
    this.places.sourceService = position.sourceService;
    this.places.destinationService = position.destinationService;
  }

  /** Reads a record's line. A reason where it cannot be used. */
  read(record: Pick<LogRecord, 'message' | 'inPlace'>): RejectReason | FlowSkip | undefined {
    const { inPlace } = record;
    if (inPlace !== undefined && !this.hasEscape(inPlace) && this.findFields(inPlace.bytes, inPlace.start, inPlace.end))
      return this.readFields();
    return this.readText(record.message);
  }

  /** Lets go of the bytes. */
  release(): void {
    this.text = this.searched = noBytes;
  }

  /** Where a text begins in the bytes. */
  startOf(text: FlowText): number {
    const place = this.places[text];
    return place < 0 ? 0 : (this.starts[place] ?? 0);
  }

  /** Where a text ends in the bytes: where it begins for `-` and for a field the log lacks. */
  endOf(text: FlowText): number {
    const place = this.places[text];
    return place < 0 || this.isDash(place) ? this.startOf(text) : this.endAt(place);
  }

  private readText(line: string): RejectReason | FlowSkip | undefined {
    if (this.findFieldsOf(line)) return this.readFields();
    // Some published examples double a space.
    const tidy = line.trim().replace(/\s+/g, ' ');
    return tidy !== line && this.findFieldsOf(tidy) ? this.readFields() : 'flow-field-count';
  }

  private findFieldsOf(line: string): boolean {
    const bytes = utf8.encode(line);
    return this.findFields(bytes, 0, bytes.length);
  }

  /** Whether a stretch holds a backslash, and so is not what it says as it stands. One search nearly always serves all lines of a payload. */
  private hasEscape({ bytes, start, end }: Stretch): boolean {
    if (bytes !== this.searched || start < this.searchedFrom || start > this.escape) {
      const escape = bytes.indexOf(backslash, start);
      this.searched = bytes;
      this.searchedFrom = start;
      this.escape = escape < 0 ? Infinity : escape;
    }
    return this.escape < end;
  }

  /**
   * Notes where each field begins; false where the line does not have exactly so many, one space apart. This is where most
   * of a line is looked at: with one byte in a turn it often takes half as long again.
   */
  private findFields(bytes: Uint8Array, start: number, end: number): boolean {
    this.text = bytes;
    this.found = 0;
    this.from = start;
    let at = start;
    for (const last = end - 3; at < last; at += 4) {
      if (bytes[at] === space && !this.endField(at)) return false;
      if (bytes[at + 1] === space && !this.endField(at + 1)) return false;
      if (bytes[at + 2] === space && !this.endField(at + 2)) return false;
      if (bytes[at + 3] === space && !this.endField(at + 3)) return false;
    }
    for (; at < end; at += 1) if (bytes[at] === space && !this.endField(at)) return false;
    return this.found === this.fields - 1 && this.endField(end);
  }

  /** Notes the field that ends at a place; false where there is none, or one too many. */
  private endField(at: number): boolean {
    if (at === this.from || this.found === this.fields) return false;
    this.starts[this.found] = this.from;
    this.found += 1;
    this.from = this.starts[this.found] = at + 1;
    return true;
  }

  private readFields(): RejectReason | FlowSkip | undefined {
    const { position } = this;
    if (this.isAt(position.status, words.noData)) return 'flow-no-data';
    if (this.isAt(position.status, words.skipData)) return 'flow-skip-data';
    this.sourcePort = this.integerAt(position.sourcePort);
    this.destinationPort = this.integerAt(position.destinationPort);
    this.protocol = this.integerAt(position.protocol);
    this.packets = this.integerAt(position.packets);
    this.bytes = this.integerAt(position.bytes);
    this.end = milliseconds(this.integerAt(position.end));
    this.flags = this.integerAt(position.flags);
    if (Number.isNaN(this.sourcePort + this.destinationPort + this.protocol + this.packets + this.bytes + this.end + this.flags))
      return 'flow-bad-value';
    const { places } = this;
    places.source = this.isThere(position.packetSource) ? position.packetSource : position.source;
    places.destination = this.isThere(position.packetDestination) ? position.packetDestination : position.destination;
    if (!this.isThere(places.source) || !this.isThere(places.destination)) return 'flow-lacks-addresses';
    const sender = senderOf(this.protocol, this.flags, this.sourcePort, this.destinationPort);
    if (sender === 'unknown') return 'flow-responder';
    // A regional NAT gateway has no one interface.
    places.interface = this.isThere(position.interface) ? position.interface : position.resource;
    this.accepted = !this.isAt(position.action, words.reject);
    this.isIngress = this.isAt(position.direction, words.ingress);
    this.isReply = sender === 'responder';
    return undefined;
  }

  private endAt(place: number): number {
    return (this.starts[place + 1] ?? 0) - 1;
  }

  private isDash(place: number): boolean {
    const from = this.starts[place] ?? 0;
    return this.endAt(place) - from === 1 && this.text[from] === dash;
  }

  private isThere(place: number): boolean {
    return place >= 0 && !this.isDash(place);
  }

  /** Whether a field holds a word. */
  private isAt(place: number, word: Uint8Array): boolean {
    if (place < 0) return false;
    const from = this.starts[place] ?? 0;
    if (this.endAt(place) - from !== word.length) return false;
    for (let at = 0; at < word.length; at += 1) if (this.text[from + at] !== word[at]) return false;
    return true;
  }

  /** The number in a field; `-1` for `-`, NaN for anything that is no count. */
  private integerAt(place: number): number {
    if (place < 0 || this.isDash(place)) return -1;
    const { text } = this;
    const end = this.endAt(place);
    let value = 0;
    for (let at = this.starts[place] ?? 0; at < end; at += 1) {
      const digit = (text[at] ?? 0) - zero;
      if (digit < 0 || digit > 9) return NaN;
      value = value * 10 + digit;
    }
    return Number.isSafeInteger(value) ? value : NaN;
  }
}

const readers = new WeakMap<FlowFormat, FlowReader>();

/** The reader of a format: one serves all payloads. */
export function readerOf(format: FlowFormat): FlowReader {
  let reader = readers.get(format);
  if (reader === undefined) readers.set(format, (reader = new FlowReader(format)));
  return reader;
}

const noBytes = new Uint8Array();
const utf8 = new TextEncoder();
const words = {
  noData: utf8.encode('NODATA'),
  skipData: utf8.encode('SKIPDATA'),
  reject: utf8.encode('REJECT'),
  ingress: utf8.encode('ingress'),
};

/** Reads one line by its format. A reason where it cannot be used. */
export function readFlowLine(message: string, format: FlowFormat): FlowLine | RejectReason | FlowSkip {
  const line = readerOf(format);
  const reason = line.read({ message });
  if (reason !== undefined) return reason;
  const textOf = (text: FlowText): string => new TextDecoder().decode(line.text.subarray(line.startOf(text), line.endOf(text)));
  const { sourcePort, destinationPort, protocol, packets, bytes, end, accepted, flags, isIngress, isReply } = line;
  return {
    ...{ sourcePort, destinationPort, protocol, packets, bytes, end, accepted, flags, isIngress, isReply },
    interface: textOf('interface'),
    source: textOf('source'),
    destination: textOf('destination'),
    sourceService: textOf('sourceService'),
    destinationService: textOf('destinationService'),
  };
}

/** Bits of `tcp-flags`. Source: Amazon VPC user guide, "Flow log records". */
export const tcpSyn = 2;
const tcpSynAck = 18;
export const tcp = 6;

/** Ports from here on are given to clients. Source: the Linux default of `ip_local_port_range`. */
const firstClientPort = 32_768;

/**
 * Which end of the conversation sent a line: by the handshake's flags where the line has them, else by the service port.
 * Lines that do not tell belong to nobody: a wrong guess would turn client and server round.
 */
function senderOf(protocol: number, flags: number, sourcePort: number, destinationPort: number): 'initiator' | 'responder' | 'unknown' {
  if (protocol === tcp && flags > 0 && (flags & tcpSyn) !== 0) return (flags & tcpSynAck) === tcpSynAck ? 'responder' : 'initiator';
  const isService = (port: number): boolean => port >= 0 && port < firstClientPort;
  if (isService(sourcePort) !== isService(destinationPort)) return isService(destinationPort) ? 'initiator' : 'responder';
  if (sourcePort === destinationPort) return 'initiator';
  if (!isService(sourcePort)) return 'unknown';
  if (sourcePort >= 1024 && destinationPort < 1024) return 'initiator';
  return sourcePort < 1024 && destinationPort >= 1024 ? 'responder' : 'unknown';
}

const space = 0x20;
const dash = 0x2d;
const zero = 0x30;
const backslash = 0x5c;

function milliseconds(stamp: number): number {
  if (stamp > largestTime) return NaN;
  return stamp < 0 || stamp > largestSeconds ? stamp : stamp * 1000;
}

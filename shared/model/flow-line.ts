import { unpublished } from './flow-fields.ts';
import type { RejectReason, SkipReason } from './record.ts';

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
export interface FlowLine {
  interface: string;
  source: string;
  destination: string;
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
  sourceService: string;
  destinationService: string;
}

/** Seconds until the year 5138: larger stamps are milliseconds, which some exporters write. */
const largestSeconds = 100_000_000_000;
/** The last moment that a `Date` can hold: what lies beyond is no time. */
const largestTime = 8_640_000_000_000_000;

/** Where the fields of the line at hand begin: reading is synchronous, so one array serves all lines. */
const starts = new Int32Array(256);

/** The line at hand, filled anew for each: nobody keeps it. */
const atHand: FlowLine = {
  interface: '',
  source: '',
  destination: '',
  sourcePort: -1,
  destinationPort: -1,
  protocol: -1,
  packets: -1,
  bytes: -1,
  end: -1,
  accepted: true,
  flags: -1,
  isIngress: false,
  isReply: false,
  sourceService: '',
  destinationService: '',
};

/** Reads a line by its format, into a value that the next line overwrites. A reason where it cannot be used. */
export function readFlowLine(line: string, format: FlowFormat): FlowLine | RejectReason | FlowSkip {
  if (!findFields(line, format.fields)) {
    // Some published examples double a space.
    const tidy = line.trim().replace(/\s+/g, ' ');
    return tidy !== line && findFields(tidy, format.fields) ? readFields(tidy, format) : 'flow-field-count';
  }
  return readFields(line, format);
}

function readFields(line: string, { position }: FlowFormat): FlowLine | RejectReason | FlowSkip {
  if (isAt(line, position.status, 'NODATA')) return 'flow-no-data';
  if (isAt(line, position.status, 'SKIPDATA')) return 'flow-skip-data';
  const sourcePort = integerAt(line, position.sourcePort);
  const destinationPort = integerAt(line, position.destinationPort);
  const protocol = integerAt(line, position.protocol);
  const packets = integerAt(line, position.packets);
  const bytes = integerAt(line, position.bytes);
  const end = milliseconds(integerAt(line, position.end));
  const flags = integerAt(line, position.flags);
  if (Number.isNaN(sourcePort + destinationPort + protocol + packets + bytes + end + flags)) return 'flow-bad-value';
  const source = textAt(line, position.packetSource) || textAt(line, position.source);
  const destination = textAt(line, position.packetDestination) || textAt(line, position.destination);
  if (source === '' || destination === '') return 'flow-lacks-addresses';
  const sender = senderOf(protocol, flags, sourcePort, destinationPort);
  if (sender === 'unknown') return 'flow-responder';
  // A regional NAT gateway has no one interface.
  atHand.interface = textAt(line, position.interface) || textAt(line, position.resource);
  atHand.source = source;
  atHand.destination = destination;
  atHand.sourcePort = sourcePort;
  atHand.destinationPort = destinationPort;
  atHand.protocol = protocol;
  atHand.packets = packets;
  atHand.bytes = bytes;
  atHand.end = end;
  atHand.accepted = !isAt(line, position.action, 'REJECT');
  atHand.flags = flags;
  atHand.isIngress = isAt(line, position.direction, 'ingress');
  atHand.isReply = sender === 'responder';
  atHand.sourceService = textAt(line, position.sourceService);
  atHand.destinationService = textAt(line, position.destinationService);
  return atHand;
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

/** Notes where each field begins; false where the line does not have exactly so many, one space apart. */
function findFields(line: string, fields: number): boolean {
  let from = 0;
  for (let field = 0; field < fields; field += 1) {
    starts[field] = from;
    const to = line.indexOf(' ', from);
    if (to === from || from >= line.length) return false;
    if (to < 0) {
      starts[field + 1] = line.length + 1;
      return field === fields - 1;
    }
    from = to + 1;
  }
  return false;
}

/** The text of a field; empty for `-` and for a field the log lacks. */
function textAt(line: string, position: number): string {
  if (position < 0) return '';
  const from = starts[position] ?? 0;
  const to = (starts[position + 1] ?? 0) - 1;
  return to - from === 1 && line.charCodeAt(from) === dash ? '' : line.slice(from, to);
}

/** Whether a field holds a word. */
function isAt(line: string, position: number, word: string): boolean {
  if (position < 0) return false;
  const from = starts[position] ?? 0;
  return (starts[position + 1] ?? 0) - 1 - from === word.length && line.startsWith(word, from);
}

const dash = 0x2d;
const zero = 0x30;

/** The number in a field, without making a string of it; `-1` for `-`, NaN for anything that is no count. */
function integerAt(line: string, position: number): number {
  if (position < 0) return -1;
  const from = starts[position] ?? 0;
  const to = (starts[position + 1] ?? 0) - 1;
  if (to - from === 1 && line.charCodeAt(from) === dash) return -1;
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = line.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return Number.isSafeInteger(value) ? value : NaN;
}

function milliseconds(stamp: number): number {
  if (stamp > largestTime) return NaN;
  return stamp < 0 || stamp > largestSeconds ? stamp : stamp * 1000;
}

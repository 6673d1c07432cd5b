import type { RejectReason, SkipReason } from './record.ts';

/** The fields of a flow record that detections use, under our names, in the vendor's spelling. */
const vendorNames = {
  interface: 'interface-id',
  instance: 'instance-id',
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
  /** Our field at each position, if it is one of ours. */
  readonly at: readonly (FlowField | undefined)[];
}

/** The default format, version 2. Source: Amazon VPC user guide, "Flow log records". */
export const defaultFlowFormat =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

const ours = new Map<string, FlowField>((Object.keys(vendorNames) as FlowField[]).map((field) => [vendorNames[field], field]));

/** A format from field names separated by spaces, with or without `${}` around each. */
export function flowFormatOf(names: string): FlowFormat {
  const at = names
    .trim()
    .split(/\s+/)
    .map((name) => ours.get(name.replace(/^\$\{(.*)\}$/, '$1')));
  return { fields: at.length, has: new Set(at.filter((field) => field !== undefined)), at };
}

/** Whether a line names flow-log fields: the header that exports to S3 carry. */
export function isFlowHeader(line: string): boolean {
  const names = line.trim().split(/\s+/);
  return names.length > 3 && names.every((name) => /^[a-z][a-z0-9-]*$/.test(name)) && names.some((name) => ours.has(name));
}

/** One line, split; numbers are `-1` and texts empty where the record has `-` or the format has no such field. */
export interface FlowLine {
  interface: string;
  instance: string;
  source: string;
  destination: string;
  sourcePort: number;
  destinationPort: number;
  protocol: number;
  packets: number;
  bytes: number;
  /** Milliseconds since the epoch. */
  start: number;
  end: number;
  accepted: boolean;
  flags: number;
  direction: string;
  sourceService: string;
  destinationService: string;
}

/** Seconds until the year 5138: larger stamps are milliseconds, which some exporters write. */
const largestSeconds = 100_000_000_000;

/** Reads a line by its format. A reason where it cannot be used. */
export function readFlowLine(line: string, format: FlowFormat): FlowLine | RejectReason | SkipReason {
  const values = split(line, format);
  if (values === undefined) return 'flow-field-count';
  const status = values.status;
  if (status === 'NODATA') return 'flow-no-data';
  if (status === 'SKIPDATA') return 'flow-skip-data';
  const source = present(values.packetSource) || present(values.source);
  const destination = present(values.packetDestination) || present(values.destination);
  if (source === '' || destination === '') return 'flow-lacks-addresses';
  const read: FlowLine = {
    interface: present(values.interface),
    instance: present(values.instance),
    source,
    destination,
    sourcePort: integer(values.sourcePort),
    destinationPort: integer(values.destinationPort),
    protocol: integer(values.protocol),
    packets: integer(values.packets),
    bytes: integer(values.bytes),
    start: stamp(values.start),
    end: stamp(values.end),
    accepted: values.action !== 'REJECT',
    flags: integer(values.flags),
    direction: present(values.direction),
    sourceService: present(values.sourceService),
    destinationService: present(values.destinationService),
  };
  const numbers = [read.sourcePort, read.destinationPort, read.protocol, read.packets, read.bytes, read.start, read.end, read.flags];
  return numbers.some(Number.isNaN) ? 'flow-bad-value' : read;
}

type Values = Partial<Record<FlowField, string>>;

function split(line: string, format: FlowFormat): Values | undefined {
  const { at, fields } = format;
  const values: Values = {};
  let from = 0;
  for (let position = 0; position < fields; position += 1) {
    let to = line.indexOf(' ', from);
    if (to < 0) to = line.length;
    if (to === from) return splitLoosely(line, format);
    const field = at[position];
    if (field !== undefined) values[field] = line.slice(from, to);
    from = to + 1;
  }
  return from === line.length + 1 ? values : splitLoosely(line, format);
}

/** For lines with doubled spaces, as some published examples have. */
function splitLoosely(line: string, { at, fields }: FlowFormat): Values | undefined {
  const parts = line.trim().split(/\s+/);
  if (parts.length !== fields) return undefined;
  const values: Values = {};
  parts.forEach((part, position) => {
    const field = at[position];
    if (field !== undefined) values[field] = part;
  });
  return values;
}

function present(value: string | undefined): string {
  return value === undefined || value === '-' ? '' : value;
}

function integer(value: string | undefined): number {
  if (value === undefined || value === '-') return -1;
  const parsed = Number(value);
  return Number.isSafeInteger(parsed) && parsed >= 0 ? parsed : NaN;
}

function stamp(value: string | undefined): number {
  const parsed = integer(value);
  return parsed < 0 || parsed > largestSeconds ? parsed : parsed * 1000;
}

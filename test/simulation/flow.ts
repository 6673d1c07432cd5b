import { flowFormat } from '../../shared/contract/logs.ts';
import { type Micros, seconds, second } from './clock.ts';
import { account } from './identity.ts';

/** A network interface with a flow log. */
export interface Interface {
  readonly id: string;
  readonly address: string;
  readonly instance: string;
  readonly subnet: string;
  readonly vpc: string;
  readonly zone: string;
}

/** One end of a connection: the address in the packet, and the interface it passes if it is ours. */
export interface End {
  readonly address: string;
  readonly port: number;
  readonly through?: Interface | undefined;
  /** The AWS service the address belongs to. */
  readonly service?: string | undefined;
}

export interface Connection {
  readonly from: End;
  readonly to: End;
  readonly at: Micros;
  readonly lasts: Micros;
  readonly sent: number;
  readonly received: number;
  /** IANA number; TCP unless said otherwise. */
  readonly protocol?: number | undefined;
  /** Refused by a security group or network ACL. */
  readonly rejected?: boolean;
  /** Nobody answered, or the port was closed. */
  readonly unanswered?: boolean;
  /** A piece of a connection that was open before and stays so. */
  readonly middle?: boolean;
}

export interface FlowRecord {
  readonly time: Micros;
  readonly line: string;
}

const fields = flowFormat.split(' ');
const tcp = 6;
const window = 60;

/** Records of a connection: for each interface it passes both directions, one record a minute. */
export function flowRecords(connection: Connection): FlowRecord[] {
  const start = seconds(connection.at);
  const end = seconds(connection.at + connection.lasts);
  const spans: Span[] = [];
  for (let from = start; from <= end; from = nextWindow(from)) {
    spans.push({ from, to: Math.min(end, nextWindow(from) - 1), first: from === start, last: nextWindow(from) > end });
  }
  return spans.flatMap((span) => spanRecords(connection, span, spans.length));
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly first: boolean;
  readonly last: boolean;
}

function nextWindow(time: number): number {
  return (Math.floor(time / window) + 1) * window;
}

function spanRecords(connection: Connection, span: Span, spans: number): FlowRecord[] {
  const there: Leg = {
    connection,
    span,
    from: connection.from,
    to: connection.to,
    opening: 2,
    bytes: connection.sent / spans,
  };
  const back: Leg = {
    connection,
    span,
    from: connection.to,
    to: connection.from,
    opening: 18,
    bytes: connection.received / spans,
  };
  const legs = connection.rejected === true || connection.unanswered === true ? [there] : [there, back];
  return legs.flatMap((leg) => [
    ...(leg.from.through ? [record(leg, leg.from.through, 'egress')] : []),
    ...(leg.to.through ? [record(leg, leg.to.through, 'ingress')] : []),
  ]);
}

/** One direction of a connection within a window. */
interface Leg {
  readonly connection: Connection;
  readonly span: Span;
  readonly from: End;
  readonly to: End;
  /** TCP flags this side's first packet carries: SYN, or SYN and ACK. */
  readonly opening: number;
  readonly bytes: number;
}

/** SYN 2 and SYN-ACK 18 at the start, FIN 1 at the end; acknowledgements alone are not reported. Source: Amazon VPC user guide. */
function flagsOf({ connection, span, opening }: Leg): number {
  if ((connection.protocol ?? tcp) !== tcp) return 0;
  if (connection.rejected === true || connection.unanswered === true) return 2;
  if (connection.middle === true) return 0;
  return (span.first ? opening : 0) | (span.last ? 1 : 0);
}

/** Packets of a pod carry its address, but the record's own addresses show the interface's primary one. */
function record(leg: Leg, through: Interface, direction: 'egress' | 'ingress'): FlowRecord {
  const { connection, span, from, to } = leg;
  const bytes = Math.max(44, Math.round(leg.bytes));
  const egress = direction === 'egress';
  const values: Readonly<Record<string, string | number | undefined>> = {
    version: 5,
    'account-id': account,
    'interface-id': through.id,
    srcaddr: egress ? through.address : from.address,
    dstaddr: egress ? to.address : through.address,
    srcport: from.port,
    dstport: to.port,
    protocol: connection.protocol ?? tcp,
    packets: connection.unanswered === true ? 1 : Math.ceil(bytes / 1_400) + 3,
    bytes,
    start: span.from,
    end: Math.max(span.from, span.to),
    action: connection.rejected === true ? 'REJECT' : 'ACCEPT',
    'log-status': 'OK',
    'vpc-id': through.vpc,
    'subnet-id': through.subnet,
    'instance-id': through.instance,
    'tcp-flags': flagsOf(leg),
    type: from.address.includes(':') ? 'IPv6' : 'IPv4',
    'pkt-srcaddr': from.address,
    'pkt-dstaddr': to.address,
    'az-id': through.zone,
    'pkt-src-aws-service': from.service,
    'pkt-dst-aws-service': to.service,
    'flow-direction': direction,
    'traffic-path': egress ? trafficPath(to) : undefined,
  };
  return { time: span.to * second, line: fields.map((field) => String(values[field] ?? '-')).join(' ') };
}

/** 1 through a resource of the same VPC, here also the NAT gateway; 7 through a gateway endpoint. */
function trafficPath(to: End): number {
  return to.service === 'S3' ? 7 : 1;
}

/** What an interface without traffic logs. */
export function quietRecord(through: Interface, at: Micros): FlowRecord {
  const start = seconds(at);
  const known: Readonly<Record<string, string>> = {
    version: '5',
    'account-id': account,
    'interface-id': through.id,
    start: String(start),
    end: String(start + window - 1),
    'log-status': 'NODATA',
  };
  return { time: (start + window - 1) * second, line: fields.map((field) => known[field] ?? '-').join(' ') };
}

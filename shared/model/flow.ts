import type { AddressBook } from './addresses.ts';
import { type EventBase, type Scope, lateness } from './base.ts';
import type { Entity, Reach } from './entity.ts';
import type { FlowLine } from './flow-line.ts';
import { digest, identifierLength } from './hash.ts';
import { minute } from './time.ts';

/** One end of a conversation. */
export interface Peer {
  readonly address: string;
  readonly network: string;
  readonly reach: Reach;
  /** The AWS service the address belongs to, as the flow log names it. */
  readonly service: string;
}

/** Who had an address at a time, and how sure that is. */
export interface Attribution {
  readonly entity: Entity;
  /** `pod`: the address was leased to this pod then. `interface`: only the address is known. */
  readonly basis: 'pod' | 'node' | 'interface';
  readonly namespace: string;
  /** Name of the pod, where the basis is one. */
  readonly pod: string;
}

/**
 * What one payload says of one conversation in one quarter-hour: initiator, responder and service port. The key
 * depends on these alone, so that batches may be cut anywhere.
 */
export interface FlowEvent extends EventBase {
  readonly source: 'flow';
  readonly initiator: Peer;
  readonly responder: Peer;
  /** The responder's port; for protocols without ports, 0. */
  readonly port: number;
  readonly protocol: number;
  readonly accepted: boolean;
  readonly interface: string;
  /** Bytes the initiator sent, counted once where direction is known. */
  bytes: number;
  packets: number;
  lines: number;
  /** A line, for evidence. */
  readonly record: string;
  /** Who had the addresses; filled by the entity graph. */
  from: Attribution;
  to: Attribution;
}

/** Conversations are told apart by quarter-hour of event time. */
export const conversationWindow = 15 * minute;

const syn = 2;
const synAck = 18;
const tcp = 6;

/** Ports from here on are given to clients. Source: IANA and the Linux default `ip_local_port_range`. */
const firstClientPort = 32_768;

/** Which end opened the conversation, if the line tells: by the handshake's flags, else by the service port. */
export function initiatorOf(line: FlowLine): 'source' | 'destination' | 'unknown' {
  if (line.protocol === tcp && line.flags > 0) {
    if ((line.flags & synAck) === synAck) return 'destination';
    if ((line.flags & syn) === syn) return 'source';
  }
  const sourceIsService = line.sourcePort >= 0 && line.sourcePort < firstClientPort;
  const destinationIsService = line.destinationPort >= 0 && line.destinationPort < firstClientPort;
  if (sourceIsService === destinationIsService) {
    if (line.sourcePort === line.destinationPort) return 'source';
    if (!sourceIsService || line.sourcePort >= 1024 === line.destinationPort >= 1024) return 'unknown';
    return line.destinationPort < 1024 ? 'source' : 'destination';
  }
  return destinationIsService ? 'source' : 'destination';
}

/** Collects lines into conversations. Lines of the responder and of unknown direction make none. */
export class Conversations {
  readonly events = new Map<string, FlowEvent>();
  private readonly scope: Scope;
  private readonly book: AddressBook;

  constructor(scope: Scope, book: AddressBook) {
    this.scope = scope;
    this.book = book;
  }

  /** Adds a line its initiator sent; returns the conversation it belongs to. */
  add(line: FlowLine, record: string, ingested: number | undefined): FlowEvent {
    const window = Math.floor(line.end / conversationWindow);
    const name = `${line.source} ${line.destination} ${String(line.destinationPort)} ${String(line.protocol)} ${line.accepted ? 'a' : 'r'} ${String(window)} ${line.interface}`;
    let event = this.events.get(name);
    if (event === undefined) {
      event = this.open(name, line, record, ingested);
      this.events.set(name, event);
    }
    // Both interfaces of a conversation inside the VPC log it; the sender's side alone is counted.
    if (line.direction !== 'ingress') {
      event.bytes += Math.max(0, line.bytes);
      event.packets += Math.max(0, line.packets);
    }
    event.lines += 1;
    return event;
  }

  private open(name: string, line: FlowLine, record: string, ingested: number | undefined): FlowEvent {
    const initiator = this.peer(line.source, line.sourceService);
    const responder = this.peer(line.destination, line.destinationService);
    return {
      source: 'flow',
      key: digest(identifierLength, [this.scope.account, this.scope.cluster, name]),
      time: line.end,
      scope: this.scope,
      late: ingested !== undefined && ingested - line.end > lateness.flow,
      initiator,
      responder,
      port: Math.max(0, line.destinationPort),
      protocol: line.protocol,
      accepted: line.accepted,
      interface: line.interface,
      bytes: 0,
      packets: 0,
      lines: 0,
      record,
      from: unattributed(line.source),
      to: unattributed(line.destination),
    };
  }

  private peer(address: string, service: string): Peer {
    return { address, network: this.book.network(address), reach: this.book.reach(address), service };
  }
}

/** An address nobody is known to have had. */
export function unattributed(address: string): Attribution {
  return { entity: { kind: 'address', id: address, name: address }, basis: 'interface', namespace: '', pod: '' };
}

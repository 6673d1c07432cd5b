import type { Site } from './site.ts';
import { type EventBase, type Scope, lateness } from './base.ts';
import type { Entity, Reach } from './entity.ts';
import { type FlowLine, tcp, tcpSyn } from './flow-line.ts';
import { digest, identifierLength } from './hash.ts';
import type { LogRecord } from './record.ts';
import { dayOf, minute } from './time.ts';

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
 * What one payload says of one conversation in one minute: initiator, responder and service port. Key and time depend
 * on these alone, so that batches may be cut anywhere.
 */
export class FlowEvent implements EventBase {
  readonly source = 'flow';
  readonly scope: Scope;
  /** Everything that tells the conversation apart: what the key is the hash of. */
  readonly name: string;
  /** Start of the minute, milliseconds since the epoch. */
  readonly time: number;
  readonly day: number;
  readonly late: boolean;
  readonly initiator: Peer;
  readonly responder: Peer;
  /** The responder's port; for protocols without ports, 0. */
  readonly port: number;
  readonly protocol: number;
  readonly accepted: boolean;
  readonly interface: string;
  /** A line, for evidence. */
  readonly record: string;
  /** Bytes the initiator sent, counted once where direction is known. */
  bytes = 0;
  packets = 0;
  lines = 0;
  /** Lines in which the initiator opened a connection or tried to; every line where the log lacks TCP flags. */
  attempts = 0;
  /** Further lines, to know one that is repeated. */
  private others: Set<string> | undefined;
  private fromHolder: Attribution | undefined;
  private toHolder: Attribution | undefined;

  constructor(scope: Scope, name: string, time: number, line: FlowLine, peers: readonly [Peer, Peer], record: LogRecord) {
    this.scope = scope;
    this.name = name;
    this.time = time;
    this.day = dayOf(time);
    this.late = record.ingested !== undefined && record.ingested - time > lateness.flow;
    [this.initiator, this.responder] = peers;
    this.port = Math.max(0, line.destinationPort);
    this.protocol = line.protocol;
    this.accepted = line.accepted;
    this.interface = line.interface;
    this.record = record.message;
  }

  /** Few conversations raise anything: the hash is made when it is asked for. */
  get key(): string {
    return digest(identifierLength, [this.scope.account, this.scope.cluster, this.name]);
  }

  /** Who had the initiator's address. */
  get from(): Attribution {
    return (this.fromHolder ??= unattributed(this.initiator.address));
  }

  /** Who had the responder's address. */
  get to(): Attribution {
    return (this.toHolder ??= unattributed(this.responder.address));
  }

  /** Fills in what the entity graph knows of the addresses. */
  attribute(from: Attribution | undefined, to: Attribution | undefined): void {
    this.fromHolder = from;
    this.toHolder = to;
  }

  /** Adds a line; false where the batch held it before. */
  add(line: FlowLine, record: string): boolean {
    if (this.lines > 0) {
      if (record === this.record || this.others?.has(record) === true) return false;
      (this.others ??= new Set()).add(record);
    }
    // Both interfaces of a conversation inside the VPC log it; the sender's side alone is counted.
    if (!line.isIngress) {
      this.bytes += Math.max(0, line.bytes);
      this.packets += Math.max(0, line.packets);
    }
    this.lines += 1;
    if (line.protocol !== tcp || line.flags < 0 || (line.flags & tcpSyn) !== 0) this.attempts += 1;
    return true;
  }
}

/** Collects the initiators' lines into conversations. */
export class Conversations {
  private readonly events = new Map<string, FlowEvent>();
  private readonly peers = new Map<string, Peer>();
  private readonly scope: Scope;
  private readonly site: Site;

  constructor(scope: Scope, site: Site) {
    this.scope = scope;
    this.site = site;
  }

  all(): readonly FlowEvent[] {
    return [...this.events.values()];
  }

  /** Adds a line that its initiator sent; false where the batch held it before. */
  add(line: FlowLine, record: LogRecord): boolean {
    // A format without times leaves the moment of intake.
    const time = Math.floor((line.end >= 0 ? line.end : (record.ingested ?? 0)) / minute);
    const action = line.accepted ? 'accepted' : 'rejected';
    const name = `${line.source} ${line.destination} ${line.interface} ${action} ${String(line.destinationPort)}/${String(line.protocol)} ${String(time)}`;
    let event = this.events.get(name);
    if (event === undefined) {
      const peers = [this.peer(line.source, line.sourceService), this.peer(line.destination, line.destinationService)] as const;
      event = new FlowEvent(this.scope, name, time * minute, line, peers, record);
      this.events.set(name, event);
    }
    return event.add(line, record.message);
  }

  private peer(address: string, service: string): Peer {
    let peer = this.peers.get(address);
    if (peer?.service !== service) {
      peer = { address, network: this.site.addresses.network(address), reach: this.site.addresses.reach(address), service };
      this.peers.set(address, peer);
    }
    return peer;
  }
}

/** An address nobody is known to have had. */
function unattributed(address: string): Attribution {
  return { entity: { kind: 'address', id: address, name: address }, basis: 'interface', namespace: '', pod: '' };
}

import type { Site } from './site.ts';
import { type EventBase, type Scope, lateness } from './base.ts';
import type { Entity, Reach } from './entity.ts';
import type { AutonomousSystem, Listing } from './listed.ts';
import { type FlowLine, type FlowSkip, tcp, tcpSyn } from './flow-line.ts';
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
  /** Lists that the address stands on. */
  readonly lists: readonly Listing[];
  /** The autonomous system that the address belongs to, where a list of them was given. */
  readonly system: AutonomousSystem | undefined;
}

/** Who had an address at a time, and how sure that is. */
export interface Attribution {
  readonly entity: Entity;
  /**
   * `pod`: the address was leased to this pod then. `node`: to a node, for which any pod on it may have sent. `gateway`: to a
   * NAT gateway or another interface that the operator named. `interface`: only the address is known.
   */
  readonly basis: 'pod' | 'node' | 'gateway' | 'interface';
  readonly namespace: string;
  /** Name of the pod, where the basis is one. */
  readonly pod: string;
  /** Name of the service account that the pod runs as; empty where unknown. */
  readonly serviceAccount: string;
  /** Name of the node: of a pod the one it runs on. Empty where unknown. */
  readonly node: string;
  /** Labels of the pod as it was last seen; absent where they are unknown. */
  readonly labels?: ReadonlyMap<string, string>;
  /** When the pod was created, milliseconds since the epoch; absent where that is unknown. */
  readonly since?: number;
}

/** The NetworkPolicies that forbid a conversation, at the end whose traffic they close. */
export interface Forbidden {
  readonly end: 'initiator' | 'responder';
  /** `NAMESPACE/NAME`. */
  readonly policies: readonly string[];
}

/** The two ends of a conversation, and who had their addresses. */
class Ends {
  /** The end that called. */
  readonly initiator: Peer;
  /** The end that was called. */
  readonly responder: Peer;
  private fromHolder: Attribution | undefined;
  private toHolder: Attribution | undefined;

  constructor(initiator: Peer, responder: Peer) {
    this.initiator = initiator;
    this.responder = responder;
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
}

/**
 * What one payload says of one conversation in one minute: initiator, responder and service port. Key and time depend
 * on these alone, so that batches may be cut anywhere.
 */
export class FlowEvent extends Ends implements EventBase {
  readonly source = 'flow';
  readonly scope: Scope;
  /** Everything that tells the conversation apart: what the key is the hash of. */
  readonly name: string;
  /** Start of the minute, milliseconds since the epoch. */
  readonly time: number;
  readonly day: number;
  readonly late: boolean;
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
  /** The initiator's ports of these attempts: each is a connection of its own. */
  readonly openedFrom: number[] = [];
  /** Set where it took place although policies certainly forbid it. */
  forbidden: Forbidden | undefined;
  private readonly read = new Lines();

  constructor(scope: Scope, name: string, time: number, line: FlowLine, peers: readonly [Peer, Peer], record: LogRecord) {
    super(...peers);
    this.scope = scope;
    this.name = name;
    this.time = time;
    this.day = dayOf(time);
    this.late = record.ingested !== undefined && record.ingested - time > lateness.flow;
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

  /** Adds a line; false where the batch held it before. */
  add(line: FlowLine, record: string): boolean {
    if (!this.read.add(record)) return false;
    // Both interfaces of a conversation inside the VPC log it; the sender's side alone is counted.
    if (!line.isIngress) {
      this.bytes += Math.max(0, line.bytes);
      this.packets += Math.max(0, line.packets);
    }
    this.lines += 1;
    if (line.protocol !== tcp || line.flags < 0 || (line.flags & tcpSyn) !== 0) {
      this.attempts += 1;
      this.openedFrom.push(line.sourcePort);
    }
    return true;
  }
}

/** What came back in one minute of a conversation, as the called end sent it. Makes no edge: a reply opens nothing. */
export class FlowReply extends Ends {
  /** Start of the minute, milliseconds since the epoch. */
  readonly time: number;
  /** The responder's port. */
  readonly port: number;
  readonly protocol: number;
  bytes = 0;
  private readonly read = new Lines();

  constructor(time: number, line: FlowLine, initiator: Peer, responder: Peer) {
    super(initiator, responder);
    this.time = time;
    this.port = Math.max(0, line.sourcePort);
    this.protocol = line.protocol;
  }

  /** Adds a line; false where the batch held it before. */
  add(line: FlowLine, record: string): boolean {
    if (!this.read.add(record)) return false;
    // Inside the VPC both ends log it: what the called end sent is counted where it left. From outside it only arrives.
    if (!line.isIngress || this.responder.reach !== 'private') this.bytes += Math.max(0, line.bytes);
    return true;
  }
}

/** The lines of one conversation in a payload: nearly always one. */
class Lines {
  private first: string | undefined;
  private others: Set<string> | undefined;

  /** Adds a line; false where it was there before. */
  add(line: string): boolean {
    if (this.first === undefined) this.first = line;
    else if (line === this.first || this.others?.has(line) === true) return false;
    else (this.others ??= new Set()).add(line);
    return true;
  }
}

/** A stretch in which an interface's traffic was not logged: no silence, but nothing known. */
export interface FlowGap {
  /** Start of the minute in which it ended, milliseconds since the epoch. */
  readonly time: number;
  readonly interface: string;
  readonly kind: Exclude<FlowSkip, 'flow-responder'>;
}

/** What the lines of one payload say. */
export interface Traffic {
  readonly events: readonly FlowEvent[];
  readonly replies: readonly FlowReply[];
  readonly gaps: readonly FlowGap[];
}

/** Collects lines into conversations and what came back in them. */
export class Conversations {
  private readonly events = new Map<string, FlowEvent>();
  private readonly replies = new Map<string, FlowReply>();
  private readonly gaps: FlowGap[] = [];
  private readonly peers = new Map<string, Peer>();
  private readonly scope: Scope;
  private readonly site: Site;

  constructor(scope: Scope, site: Site) {
    this.scope = scope;
    this.site = site;
  }

  traffic(): Traffic {
    return { events: [...this.events.values()], replies: [...this.replies.values()], gaps: this.gaps };
  }

  /** Adds a line; false where the batch held it before. */
  add(line: FlowLine, record: LogRecord): boolean {
    const time = minuteOf(line.end, record);
    return line.isReply ? this.addReply(line, time, record) : this.addCall(line, time, record);
  }

  /** Notes that an interface had nothing to log, or could not. */
  addGap(kind: FlowGap['kind'], where: string, end: number | undefined, record: LogRecord): void {
    this.gaps.push({ kind, interface: where, time: minuteOf(end ?? -1, record) * minute });
  }

  private addReply(line: FlowLine, time: number, { message }: LogRecord): boolean {
    const name = `${line.destination} ${line.source} ${String(line.sourcePort)}/${String(line.protocol)} ${String(time)}`;
    let reply = this.replies.get(name);
    if (reply === undefined) {
      const [initiator, responder] = [this.peer(line.destination, line.destinationService), this.peer(line.source, line.sourceService)];
      reply = new FlowReply(time * minute, line, initiator, responder);
      this.replies.set(name, reply);
    }
    return reply.add(line, message);
  }

  private addCall(line: FlowLine, time: number, record: LogRecord): boolean {
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
      const { addresses } = this.site;
      const [network, reach, lists] = [addresses.network(address), addresses.reach(address), addresses.listed(address)];
      peer = { address, network, reach, service, lists, system: addresses.system(address) };
      this.peers.set(address, peer);
    }
    return peer;
  }
}

/** The minute in which a line ended; a format without times leaves the moment of intake. */
function minuteOf(end: number, { ingested = 0 }: LogRecord): number {
  return Math.floor((end >= 0 ? end : ingested) / minute);
}

/** An address nobody is known to have had. */
function unattributed(address: string): Attribution {
  return {
    entity: { kind: 'address', id: address, name: address },
    basis: 'interface',
    namespace: '',
    pod: '',
    serviceAccount: '',
    node: '',
  };
}

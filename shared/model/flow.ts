import { type EventBase, type Scope, lateness } from './base.ts';
import { type FlowReader, type FlowSkip, tcp, tcpSyn } from './flow-line.ts';
import type { Attribution, KnownPeer, Peer, Peers } from './flow-peers.ts';
import { digest, identifierLength } from './hash.ts';
import type { LogRecord } from './record.ts';
import { isShapeKept, keepShape } from './shapes.ts';
import { dayOf, minute } from './time.ts';

export type { Attribution, Peer };

/** The NetworkPolicies that forbid a conversation, at the end whose traffic they close. */
export interface Forbidden {
  readonly end: 'initiator' | 'responder';
  /** `NAMESPACE/NAME`. */
  readonly policies: readonly string[];
}

/** The two ends of a conversation, and who had their addresses. */
class Ends {
  /** The end that called. */
  readonly initiator: KnownPeer;
  /** The end that was called. */
  readonly responder: KnownPeer;
  private fromHolder: Attribution | undefined;
  private toHolder: Attribution | undefined;

  constructor(initiator: KnownPeer, responder: KnownPeer) {
    this.initiator = initiator;
    this.responder = responder;
    this.fromHolder = undefined;
    this.toHolder = undefined;
  }

  /** Who had the initiator's address. */
  get from(): Attribution {
    return this.fromHolder ?? this.initiator.unattributed;
  }

  /** Who had the responder's address. */
  get to(): Attribution {
    return this.toHolder ?? this.responder.unattributed;
  }

  /** Whether a gateway sent on what was logged where it came from: to judge or count it again would tell everything twice. */
  get isForwarded(): boolean {
    return this.initiator.forwards && this.from.basis === 'gateway';
  }

  /** Fills in what the entity graph knows of the addresses. */
  attribute(from: Attribution | undefined, to: Attribution | undefined): void {
    this.fromHolder = from;
    this.toHolder = to;
  }

  /** Whether the ends are these addresses, whatever else is said of them. */
  protected isBetween(initiator: Peer, responder: Peer): boolean {
    return this.initiator.address === initiator.address && this.responder.address === responder.address;
  }
}

const noRecord: LogRecord = { id: '', message: '' };

/**
 * What one payload says of one conversation in one minute: initiator, responder and service port. Key and time depend
 * on these alone, so that batches may be cut anywhere.
 */
export class FlowEvent extends Ends implements EventBase {
  readonly scope: Scope;
  /** Start of the minute, milliseconds since the epoch. */
  readonly time: number;
  readonly day: number;
  readonly late: boolean;
  /** The responder's port; for protocols without ports, 0. */
  readonly port: number;
  readonly protocol: number;
  readonly accepted: boolean;
  readonly interface: string;
  /** Bytes the initiator sent, counted once where direction is known. */
  bytes = 0;
  packets = 0;
  lines = 0;
  /** Lines in which the initiator opened a connection or tried to; every line where the log lacks TCP flags. */
  attempts = 0;
  /** Set where it took place although policies certainly forbid it. */
  forbidden: Forbidden | undefined = undefined;
  /** Another conversation whose short number is the same. */
  readonly next: FlowEvent | undefined;
  private readonly first: LogRecord;
  private others: Set<string> | undefined = undefined;
  /** The port as the log has it. */
  private readonly told: number;
  private firstFrom = -1;
  private furtherFrom: number[] | undefined = undefined;

  constructor(
    scope: Scope,
    time: number,
    line: FlowReader,
    ends: readonly [KnownPeer, KnownPeer],
    where: string,
    record: LogRecord,
    next: FlowEvent | undefined,
  ) {
    super(ends[0], ends[1]);
    this.scope = scope;
    this.time = time;
    this.day = dayOf(time);
    this.late = record.ingested !== undefined && record.ingested - time > lateness.flow;
    this.told = line.destinationPort;
    this.port = Math.max(0, line.destinationPort);
    this.protocol = line.protocol;
    this.accepted = line.accepted;
    this.interface = where;
    this.first = record;
    this.next = next;
    this.count(line);
  }

  get source(): 'flow' {
    return 'flow';
  }

  /** A line, for evidence. */
  get record(): string {
    return this.first.message;
  }

  /** Few conversations raise anything: the hash is made when it is asked for. */
  get key(): string {
    return digest(identifierLength, [this.scope.account, this.scope.cluster, this.name]);
  }

  /** Everything that tells the conversation apart. */
  private get name(): string {
    const action = this.accepted ? 'accepted' : 'rejected';
    const service = `${String(this.told)}/${String(this.protocol)}`;
    return `${this.initiator.address} ${this.responder.address} ${this.interface} ${action} ${service} ${String(this.time / minute)}`;
  }

  /** The initiator's ports of its attempts: each is a connection of its own. */
  get openedFrom(): readonly number[] {
    if (this.attempts === 0) return [];
    return this.furtherFrom === undefined ? [this.firstFrom] : [this.firstFrom, ...this.furtherFrom];
  }

  /** Whether a line is another one of this conversation. */
  holds(line: FlowReader, time: number, initiator: Peer, responder: Peer, where: string): boolean {
    return (
      time === this.time &&
      line.destinationPort === this.told &&
      line.protocol === this.protocol &&
      line.accepted === this.accepted &&
      where === this.interface &&
      this.isBetween(initiator, responder)
    );
  }

  /** Adds a line; false where the batch held it before. */
  add(line: FlowReader, { message }: LogRecord): boolean {
    if (message === this.first.message || this.others?.has(message) === true) return false;
    (this.others ??= new Set()).add(message);
    this.count(line);
    return true;
  }

  private count(line: FlowReader): void {
    // Both interfaces of a conversation inside the VPC log it; the sender's side alone is counted.
    if (!line.isIngress) {
      this.bytes += Math.max(0, line.bytes);
      this.packets += Math.max(0, line.packets);
    }
    this.lines += 1;
    if (line.protocol === tcp && line.flags >= 0 && (line.flags & tcpSyn) === 0) return;
    if (this.attempts === 0) this.firstFrom = line.sourcePort;
    else (this.furtherFrom ??= []).push(line.sourcePort);
    this.attempts += 1;
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
  /** Another answer whose short number is the same. */
  readonly next: FlowReply | undefined;
  private readonly first: LogRecord;
  private others: Set<string> | undefined = undefined;
  /** The port as the log has it. */
  private readonly told: number;

  constructor(time: number, line: FlowReader, ends: readonly [KnownPeer, KnownPeer], record: LogRecord, next: FlowReply | undefined) {
    super(ends[0], ends[1]);
    this.time = time;
    this.told = line.sourcePort;
    this.port = Math.max(0, line.sourcePort);
    this.protocol = line.protocol;
    this.first = record;
    this.next = next;
    this.count(line);
  }

  /** Whether a line is another one of this answer. */
  holds(line: FlowReader, time: number, initiator: Peer, responder: Peer): boolean {
    return time === this.time && line.sourcePort === this.told && line.protocol === this.protocol && this.isBetween(initiator, responder);
  }

  /** Adds a line; false where the batch held it before. */
  add(line: FlowReader, { message }: LogRecord): boolean {
    if (message === this.first.message || this.others?.has(message) === true) return false;
    (this.others ??= new Set()).add(message);
    this.count(line);
    return true;
  }

  private count(line: FlowReader): void {
    // Inside the VPC both ends log it: what the called end sent is counted where it left. From outside it only arrives.
    if (!line.isIngress || this.responder.reach !== 'private') this.bytes += Math.max(0, line.bytes);
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
  private readonly events: FlowEvent[] = [];
  private readonly replies: FlowReply[] = [];
  private readonly gaps: FlowGap[] = [];
  private readonly byNumber = new Map<number, FlowEvent>();
  private readonly repliesByNumber = new Map<number, FlowReply>();
  private readonly scope: Scope;
  private readonly peers: Peers;

  constructor(scope: Scope, peers: Peers) {
    this.scope = scope;
    this.peers = peers;
  }

  traffic(): Traffic {
    return { events: this.events, replies: this.replies, gaps: this.gaps };
  }

  /** Adds a line; false where the batch held it before. */
  add(line: FlowReader, record: LogRecord): boolean {
    const time = minuteOf(line.end, record);
    return line.isReply ? this.addReply(line, time, record) : this.addCall(line, time, record);
  }

  /** Notes that an interface had nothing to log, or could not. */
  addGap(kind: FlowGap['kind'], where: string, end: number | undefined, record: LogRecord): void {
    this.gaps.push({ kind, interface: where, time: minuteOf(end ?? -1, record) });
  }

  /** Keeps the code that was compiled for conversations while there are none, as one of the line at hand. */
  keepShapes(line: FlowReader): void {
    if (isShapeKept('call')) return;
    const ends = [this.peers.source(line), this.peers.destination(line)] as const;
    keepShape('conversations', new Conversations(this.scope, this.peers));
    keepShape('call', new FlowEvent(this.scope, minuteOf(line.end, noRecord), line, ends, '', noRecord, undefined));
    keepShape('answer', new FlowReply(minuteOf(line.end, noRecord), line, ends, noRecord, undefined));
  }

  private addReply(line: FlowReader, time: number, record: LogRecord): boolean {
    const initiator = this.peers.destination(line);
    const responder = this.peers.source(line);
    const number = numberOf(initiator, responder, line.sourcePort);
    const next = this.repliesByNumber.get(number);
    for (let known = next; known !== undefined; known = known.next)
      if (known.holds(line, time, initiator, responder)) return known.add(line, record);
    const reply = new FlowReply(time, line, [initiator, responder], record, next);
    this.repliesByNumber.set(number, reply);
    this.replies.push(reply);
    return true;
  }

  private addCall(line: FlowReader, time: number, record: LogRecord): boolean {
    const initiator = this.peers.source(line);
    const responder = this.peers.destination(line);
    if (line.isIngress && (responder.reach === 'public' || responder.reach === 'aws')) this.peers.noteForwarder(line);
    const where = this.peers.interface(line);
    const number = numberOf(initiator, responder, line.destinationPort);
    const next = this.byNumber.get(number);
    for (let known = next; known !== undefined; known = known.next)
      if (known.holds(line, time, initiator, responder, where)) return known.add(line, record);
    const event = new FlowEvent(this.scope, time, line, [initiator, responder], where, record, next);
    this.byNumber.set(number, event);
    this.events.push(event);
    return true;
  }
}

/** 32 bits that tell most conversations of a payload apart. */
function numberOf(initiator: KnownPeer, responder: KnownPeer, port: number): number {
  return Math.imul(Math.imul(initiator.number, 0x01000193) ^ responder.number, 0x01000193) ^ port;
}

/** The start of the minute in which a line ended; a format without times leaves the moment of intake. */
function minuteOf(end: number, { ingested = 0 }: LogRecord): number {
  return Math.floor((end >= 0 ? end : ingested) / minute) * minute;
}

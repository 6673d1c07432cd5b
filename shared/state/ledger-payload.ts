import type { Entity } from '../model/entity.ts';
import type { FlowEvent, FlowGap, FlowReply } from '../model/flow.ts';
import { keepShape } from '../model/shapes.ts';
import { hour, minute } from '../model/time.ts';
import type { ShareToWrite } from './ledger-codec.ts';
import {
  type Destination,
  destinationIn,
  isCounted,
  isOutside,
  leaves,
  mainPods,
  otherPairs,
  pairKey,
  portIn,
  reachOf,
  type PairToWrite,
} from './ledger-pair.ts';

/** Pairs of one payload that are kept apart. The rest is one pair: a scan of every port must not fill the table. */
const mostPairs = 400;

/** Sums what one payload says of one hour. */
export class PayloadSums {
  /** Whether it holds any line of a call, counted or not. */
  hasCalls = false;
  private readonly pairs: PairSum[] = [];
  /** Of the pairs of a sender and a destination, which are numbered, the one that was met last. */
  private readonly byEnds = new Map<number, PairSum>();
  private readonly senders = new EndsMet<Entity>();
  private readonly destinations = new EndsMet<Destination>();
  /** Minutes of each interface: a payload has few. */
  private readonly logged = new Map<string, number[]>();
  private readonly skipped = new Map<string, Set<number>>();
  private quiet = 0;

  get isEmpty(): boolean {
    return this.pairs.length + this.skipped.size + this.quiet === 0;
  }

  addEvent(event: FlowEvent): void {
    this.hasCalls = true;
    const minutes = this.logged.get(event.interface);
    if (minutes === undefined) this.logged.set(event.interface, [event.time]);
    else if (!minutes.includes(event.time)) minutes.push(event.time);
    if (isCounted(event)) this.pairFor(event).addEvent(event);
  }

  addReply(reply: FlowReply): void {
    if (reply.initiator.reach === 'private' && !reply.isForwarded) this.pairFor(reply).back += reply.bytes;
  }

  addGap({ kind, interface: name, time }: FlowGap): void {
    if (kind === 'flow-no-data') this.quiet += 1;
    else this.skipped.set(name, (this.skipped.get(name) ?? new Set()).add(Math.floor((time % hour) / minute)));
  }

  share(): ShareToWrite {
    for (const pair of this.pairs) pair.keepOnePod();
    let logged = 0;
    for (const minutes of this.logged.values()) logged += minutes.length;
    return { pairs: bounded(this.pairs), telemetry: { logged, quiet: this.quiet, skipped: this.skipped } };
  }

  private pairFor(traffic: FlowEvent | FlowReply): PairSum {
    const { protocol } = traffic;
    const port = portIn(traffic.port);
    const sender = this.senderOf(traffic);
    const destination = this.destinationOf(traffic);
    const ends = sender * mostEnds + destination;
    const latest = this.byEnds.get(ends);
    for (let known = latest; known !== undefined; known = known.next) if (known.port === port && known.protocol === protocol) return known;
    const first = this.destinations.at(destination);
    // Of one network some addresses may be a service's.
    const to = leaves(traffic.responder) && reachOf(traffic.responder) !== first.reach ? destinationIn(traffic) : first;
    const pair = new PairSum(this.senders.at(sender), to, protocol, port, latest);
    this.byEnds.set(ends, pair);
    this.pairs.push(pair);
    return pair;
  }

  private senderOf({ from: { entity } }: FlowEvent | FlowReply): number {
    return this.senders.of(entity) ?? this.senders.note(entity, entity, entity.id);
  }

  private destinationOf(traffic: FlowEvent | FlowReply): number {
    const end = leaves(traffic.responder) ? traffic.responder : traffic.to;
    const known = this.destinations.of(end);
    if (known !== undefined) return known;
    const destination = destinationIn(traffic);
    return this.destinations.note(end, destination, destination.name);
  }
}

/** More than a payload has. */
const mostEnds = 2 ** 24;

/** A payload's senders, or its destinations, and numbers of them. Nearly always one is known by the object that stands for it. */
class EndsMet<T extends Pick<Entity, 'kind'> | Destination> {
  private readonly byObject = new Map<object, number>();
  private readonly byKind = new Map<string, Map<string, number>>();
  private readonly all: T[] = [];

  of(end: object): number | undefined {
    return this.byObject.get(end);
  }

  at(number: number): T {
    return this.all[number] as T;
  }

  /** The number of an end that another object may have stood for. */
  note(object: object, end: T, name: string): number {
    let names = this.byKind.get(end.kind);
    if (names === undefined) this.byKind.set(end.kind, (names = new Map<string, number>()));
    let number = names.get(name);
    if (number === undefined) {
      names.set(name, (number = this.all.length));
      this.all.push(end);
    }
    this.byObject.set(object, number);
    return number;
  }
}

/** What a payload says of a pair. */
class PairSum implements PairToWrite {
  readonly from: Entity;
  readonly to: Destination;
  readonly protocol: number;
  readonly port: number;
  attempts = 0;
  rejected = 0;
  back = 0;
  /** A payload has few. */
  minutes: number[] = none;
  private senders: Map<string, number> | undefined = undefined;
  /** Another service of the same ends. */
  readonly next: PairSum | undefined;

  constructor(from: Entity, to: Destination, protocol: number, port: number, next: PairSum | undefined) {
    this.from = from;
    this.to = to;
    this.protocol = protocol;
    this.port = port;
    this.next = next;
  }

  get pods(): ReadonlyMap<string, number> {
    return this.senders ?? noPods;
  }

  get bytes(): number {
    let sum = 0;
    for (let at = 1; at < this.minutes.length; at += 3) sum += this.minutes[at] ?? 0;
    return sum;
  }

  addEvent({ from, accepted, bytes, packets, attempts, time }: FlowEvent): void {
    if (accepted) {
      this.attempts += attempts;
      this.addMinute(Math.floor((time % hour) / minute), bytes, packets);
    } else this.rejected += attempts;
    if (from.basis !== 'pod') return;
    const pod = `${from.namespace}/${from.pod}`;
    this.senders ??= new Map();
    this.senders.set(pod, (this.senders.get(pod) ?? 0) + bytes);
  }

  /** Adds all but the pods of another pair. */
  addSums(pair: PairSum): void {
    this.attempts += pair.attempts;
    this.rejected += pair.rejected;
    this.back += pair.back;
    const { minutes } = pair;
    for (let at = 0; at < minutes.length; at += 3) this.addMinute(minutes[at] ?? 0, minutes[at + 1] ?? 0, minutes[at + 2] ?? 0);
  }

  /** A document names the pod that sent most; over the documents of an hour there are several. */
  keepOnePod(): void {
    if (this.senders === undefined) return;
    const isWorth = isOutside(this.to) || this.rejected > 0 || this.bytes + this.back >= weighty;
    this.senders = isWorth ? new Map(mainPods(this, 1)) : undefined;
  }

  private addMinute(minuteOfHour: number, bytes: number, packets: number): void {
    const { minutes } = this;
    for (let at = 0; at < minutes.length; at += 3) {
      if (minutes[at] !== minuteOfHour) continue;
      minutes[at + 1] = (minutes[at + 1] ?? 0) + bytes;
      minutes[at + 2] = (minutes[at + 2] ?? 0) + packets;
      return;
    }
    if (minutes.length === 0) this.minutes = [minuteOfHour, bytes, packets];
    else minutes.push(minuteOfHour, bytes, packets);
  }
}

const noPods: ReadonlyMap<string, number> = new Map();
/** Nothing is added to it: a pair's first minute makes its own. */
const none: number[] = [];

/** Inside, what carries less is not worth the names of pods: they are what deflates worst. */
const weighty = 1024 ** 2;

/** As many pairs as are kept apart, and one for the rest: kept are those that leave, then those that carry most. */
function bounded(pairs: readonly PairSum[]): readonly PairSum[] {
  if (pairs.length <= mostPairs) return pairs;
  const inOrder = pairs
    .map((pair) => ({ pair, outside: isOutside(pair.to), bytes: pair.bytes, key: pairKey(pair) }))
    .sort((one, other) => Number(other.outside) - Number(one.outside) || other.bytes - one.bytes || (one.key < other.key ? -1 : 1))
    .map(({ pair }) => pair);
  const rest = new PairSum(otherPairs.from, otherPairs.to, 0, 0, undefined);
  for (const pair of inOrder.slice(mostPairs)) rest.addSums(pair);
  return [...inOrder.slice(0, mostPairs), rest];
}

keepShape('sums of a payload', new PayloadSums());
keepShape('sum of a pair', new PairSum(otherPairs.from, otherPairs.to, 0, 0, undefined));

import { destinationOf } from '../model/destination.ts';
import type { Entity, EntityKind } from '../model/entity.ts';
import type { FlowEvent, Peer } from '../model/flow.ts';

/** The end that was called, as a habit: a network or an AWS service outside, a workload, a node or an address inside. */
export interface Destination {
  readonly kind: EntityKind | 'network';
  /** For a network what the address book calls it, for a service of AWS its name, else the name of the holder. */
  readonly name: string;
  /** The AWS service at the address as the flow log names it, else where the address lies. */
  readonly reach: string;
}

/** What was sent within a minute. */
export interface MinuteSum {
  bytes: number;
  packets: number;
}

/** What one sender and one service at one destination exchanged within an hour. */
export interface Pair {
  readonly from: Entity;
  readonly to: Destination;
  readonly protocol: number;
  /** The service port; of dynamic ports the first, of protocols without ports 0. */
  readonly port: number;
  /** By minute of the hour. */
  readonly minutes: Map<number, MinuteSum>;
  /** Connections that were opened or tried, and let through. */
  attempts: number;
  /** Connections that a security group or network ACL refused. */
  rejected: number;
  /** Bytes that came back. */
  back: number;
  /** Pods of the sender that took part, as `namespace/name`, and how much: some of them, if there are many. */
  readonly pods: Map<string, number>;
}

/** A pair as far as a document holds it. */
export interface PairToWrite extends Pick<Pair, 'from' | 'to' | 'protocol' | 'port' | 'attempts' | 'rejected' | 'back'> {
  /** Minute of the hour, bytes and packets, one after the other. */
  readonly minutes: readonly number[];
  readonly pods: Pick<ReadonlyMap<string, number>, 'keys' | 'size'>;
}

/** Ports from here on are handed out as needed: they are one. Source: Linux `ip_local_port_range`. */
const firstDynamicPort = 32_768;

/** The pair that stands for all beyond the number that is kept. */
export const otherPairs = {
  from: { kind: 'cluster', id: 'others', name: 'senders beyond the limit of the ledger' },
  to: { kind: 'network', name: 'others', reach: '' },
} as const satisfies Pick<Pair, 'from' | 'to'>;

/** Whether a pair stands for many that nobody kept apart. */
export function isOthers({ from }: Pick<Pair, 'from'>): boolean {
  return from.kind === otherPairs.from.kind;
}

/** What tells pairs of a cluster apart. */
export function pairKey({ from, to, protocol, port }: Pick<Pair, 'from' | 'to' | 'protocol' | 'port'>): string {
  return `${edgeKey(from, to)}\t${String(protocol)}/${String(port)}`;
}

/** What tells sender and destination apart, whatever the service. */
export function edgeKey(from: Entity, { kind, name }: Pick<Destination, 'kind' | 'name'>): string {
  return `${senderKey(from)}\t${kind} ${name}`;
}

/** What tells senders apart. */
export function senderKey({ kind, id }: Entity): string {
  return `${kind} ${id}`;
}

/** Whether traffic to a destination leaves. Amazon's own ranges hold S3 and everybody's instances: what goes there leaves as well. */
export function isOutside({ kind }: Pick<Destination, 'kind'>): boolean {
  return kind === 'network';
}

/**
 * Whether the ledger counts a conversation: one that ours began, seen where it was sent, for bytes are counted there, or refused
 * where it was.
 */
export function isCounted({ initiator, isForwarded, accepted, bytes }: FlowEvent): boolean {
  return initiator.reach === 'private' && !isForwarded && (!accepted || bytes > 0);
}

/** Whether what goes to an address leaves. */
export function leaves({ reach }: Peer): boolean {
  return reach === 'public' || reach === 'aws';
}

/** The service at an address outside as the flow log names it, else where the address lies. */
export function reachOf({ service, reach }: Peer): string {
  return service || reach;
}

/** The destination of a conversation. */
export function destinationIn({ responder, to }: Pick<FlowEvent, 'responder' | 'to'>): Destination {
  if (leaves(responder)) return { kind: 'network', name: destinationOf(responder), reach: reachOf(responder) };
  return { kind: to.entity.kind, name: to.entity.name, reach: responder.reach };
}

/** Whether any of its conversations was seen to begin: what only came back makes no pair. */
export function wasCalled({ minutes, attempts, rejected }: Pair): boolean {
  return minutes.size + attempts + rejected > 0;
}

/** A port as pairs have it. */
export function portIn(port: number): number {
  return Math.min(port, firstDynamicPort);
}

/** A pair with nothing in it. */
export function emptyPair({ from, to, protocol, port }: Pick<Pair, 'from' | 'to' | 'protocol' | 'port'>): Pair {
  const sums = { attempts: 0, rejected: 0, back: 0 };
  return { from, to, protocol, port, ...sums, minutes: new Map(), pods: new Map() };
}

/** Adds what was sent in a minute of the hour. */
export function addMinute({ minutes }: Pair, at: number, bytes: number, packets: number): void {
  const sum = minutes.get(at);
  if (sum === undefined) minutes.set(at, { bytes, packets });
  else {
    sum.bytes += bytes;
    sum.packets += packets;
  }
}

function addPod({ pods }: Pair, pod: string, weight: number): void {
  pods.set(pod, (pods.get(pod) ?? 0) + weight);
}

/** The pods of a pair that took part most. */
export function mainPods(
  { pods }: { readonly pods: ReadonlyMap<string, number> },
  most: number,
): readonly (readonly [pod: string, weight: number])[] {
  return [...pods].sort(([one, more], [other, less]) => less - more || (one < other ? -1 : 1)).slice(0, most);
}

/** Adds a pair's sums to another's. */
export function addPair(sum: Pair, pair: Pair): void {
  sum.attempts += pair.attempts;
  sum.rejected += pair.rejected;
  sum.back += pair.back;
  for (const [at, { bytes, packets }] of pair.minutes) addMinute(sum, at, bytes, packets);
  for (const [pod, weight] of pair.pods) addPod(sum, pod, weight);
}

/** Bytes that a pair's sender sent. */
export function bytesOf({ minutes }: Pick<Pair, 'minutes'>): number {
  let sum = 0;
  for (const { bytes } of minutes.values()) sum += bytes;
  return sum;
}

/** Packets that a pair's sender sent. */
export function packetsOf({ minutes }: Pick<Pair, 'minutes'>): number {
  let sum = 0;
  for (const { packets } of minutes.values()) sum += packets;
  return sum;
}

import type { AddressBook } from './addresses.ts';
import type { Scope } from './base.ts';
import type { Entity, Reach } from './entity.ts';
import type { FlowReader } from './flow-line.ts';
import { hashOf } from './hash.ts';
import type { AutonomousSystem, Listing } from './listed.ts';
import { Recent } from './recent.ts';

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
   * NAT gateway, as the operator says or what passes it shows. `interface`: only the address is known.
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

/** An address as a process knows it: one object however many conversations it takes part in. */
export class KnownPeer implements Peer {
  readonly address: string;
  readonly network: string;
  readonly reach: Reach;
  readonly service: string;
  readonly lists: readonly Listing[];
  readonly system: AutonomousSystem | undefined;
  /** 32 bits that tell it from most others. */
  readonly number: number;
  /** Sends on under its own address what others send: packets for the internet arrived at it. */
  forwards = false;
  private nobody: Attribution | undefined;

  constructor(address: string, service: string, number: number, addresses: AddressBook) {
    this.address = address;
    this.network = addresses.network(address);
    this.reach = addresses.reach(address);
    this.service = service;
    this.lists = addresses.listed(address);
    this.system = addresses.system(address);
    this.number = number;
    this.nobody = undefined;
  }

  /** The address, where nobody is known to have had it. */
  get unattributed(): Attribution {
    const { address } = this;
    const basis = this.forwards ? 'gateway' : 'interface';
    if (this.nobody?.basis === basis) return this.nobody;
    const entity = { kind: 'address', id: address, name: address } as const;
    return (this.nobody = { entity, basis, namespace: '', pod: '', serviceAccount: '', node: '' });
  }
}

/** Addresses and words remembered: those of a cluster of some size. */
const remembered = 20_000;

/** The addresses and interfaces of a cluster that a process met lately: they come again in every payload, and no text is made of what is known. */
export class Peers {
  private readonly addresses: AddressBook;
  /** IPv4 addresses by their value. */
  private known = new Recent<KnownPeer, number>(remembered);
  private others = new Recent<KnownPeer>(remembered);
  private readonly words = new Recent<string, number>(remembered);
  private edition: number;

  constructor(addresses: AddressBook) {
    this.addresses = addresses;
    this.edition = addresses.edition;
  }

  /** Forgets what lists said that were replaced since. */
  refresh(): void {
    if (this.edition === this.addresses.edition) return;
    this.edition = this.addresses.edition;
    this.known = new Recent(remembered);
    this.others = new Recent(remembered);
  }

  /** The end of the line at hand that sent. */
  source(line: FlowReader): KnownPeer {
    return this.peer(line.text, line.startOf('source'), line.endOf('source'), line.startOf('sourceService'), line.endOf('sourceService'));
  }

  /** The end of the line at hand that was sent to. */
  destination(line: FlowReader): KnownPeer {
    return this.peer(
      line.text,
      line.startOf('destination'),
      line.endOf('destination'),
      line.startOf('destinationService'),
      line.endOf('destinationService'),
    );
  }

  /**
   * Notes where what is bound for the internet arrived on its way inside: a NAT gateway sends it on under its own address.
   * Source: Amazon VPC user guide, "Flow log record examples", traffic through a NAT gateway.
   */
  noteForwarder(line: FlowReader): void {
    const [start, end] = [line.startOf('hop'), line.endOf('hop')];
    if (start === end) return;
    const hop = this.peer(line.text, start, end, 0, 0);
    if (hop.reach === 'private') hop.forwards = true;
  }

  /** The interface of the line at hand. */
  interface(line: FlowReader): string {
    return this.word(line.text, line.startOf('interface'), line.endOf('interface'));
  }

  private peer(text: Uint8Array, start: number, end: number, serviceStart: number, serviceEnd: number): KnownPeer {
    const value = ipv4In(text, start, end);
    if (value === undefined) return this.otherPeer(textIn(text, start, end), this.word(text, serviceStart, serviceEnd));
    const known = this.known.get(value);
    if (known !== undefined && stands(known.service, text, serviceStart, serviceEnd)) return known;
    const peer = new KnownPeer(textIn(text, start, end), this.word(text, serviceStart, serviceEnd), value, this.addresses);
    this.known.set(value, peer);
    return peer;
  }

  private otherPeer(address: string, service: string): KnownPeer {
    const known = this.others.get(address);
    if (known?.service === service) return known;
    const peer = new KnownPeer(address, service, hashOf(address), this.addresses);
    this.others.set(address, peer);
    return peer;
  }

  private word(text: Uint8Array, start: number, end: number): string {
    if (start === end) return '';
    const number = numberIn(text, start, end);
    const known = this.words.get(number);
    if (known !== undefined && stands(known, text, start, end)) return known;
    const word = textIn(text, start, end);
    this.words.set(number, word);
    return word;
  }
}

/** Clusters whose peers are remembered. */
const mostClusters = 20;

const books = new WeakMap<AddressBook, Recent<Peers>>();

/** The peers of a cluster: VPCs may have the same addresses, and who sends on in one of them is somebody else in the next. */
export function peersOf(addresses: AddressBook, { account, region, cluster }: Scope): Peers {
  let clusters = books.get(addresses);
  if (clusters === undefined) books.set(addresses, (clusters = new Recent(mostClusters)));
  const name = `${account} ${region} ${cluster}`;
  let peers = clusters.get(name);
  if (peers === undefined) clusters.set(name, (peers = new Peers(addresses)));
  peers.refresh();
  return peers;
}

/** The value of an IPv4 address in dotted form, as 32 bits with a sign; absent for anything else, and for zeros before a number. */
function ipv4In(text: Uint8Array, start: number, end: number): number | undefined {
  let value = 0;
  let dots = 0;
  let part = -1;
  for (let at = start; at < end; at += 1) {
    const byte = text[at] ?? 0;
    if (byte === dot && part >= 0) {
      value = (value << 8) | part;
      part = -1;
      dots += 1;
    } else if (byte >= zero && byte <= nine && part !== 0) {
      part = (part < 0 ? 0 : part * 10) + byte - zero;
      if (part > 255) return undefined;
    } else return undefined;
  }
  return dots === 3 && part >= 0 ? (value << 8) | part : undefined;
}

const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;

/** 32 bits over bytes (FNV-1a). Whoever finds by them what they chose compares the bytes as well. */
function numberIn(text: Uint8Array, start: number, end: number): number {
  let sum = 0x811c9dc5 | 0;
  for (let at = start; at < end; at += 1) sum = Math.imul(sum ^ (text[at] ?? 0), 0x01000193);
  return sum;
}

/** Whether a text stands between two places. A text of other letters than ASCII never does: it is made anew. */
function stands(known: string, text: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at += 1) if (known.charCodeAt(at) !== text[start + at]) return false;
  return true;
}

const utf8 = new TextDecoder();

function textIn(text: Uint8Array, start: number, end: number): string {
  return utf8.decode(text.subarray(start, end));
}

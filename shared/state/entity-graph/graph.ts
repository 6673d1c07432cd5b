import type { Scope } from '../../model/base.ts';
import type { Attribution } from '../../model/flow.ts';
import { day, hour, minute } from '../../model/time.ts';
import type { Whereabouts } from '../../model/whereabouts.ts';
import type { Fact, PodFact } from './facts.ts';

/** How long a pod or node that has ended is still known: flow records come late, and cover ten minutes. */
const keptAfterEnd = 2 * hour;
/** A node's address that nobody has reported for so long belongs to nobody. */
const nodeKept = 14 * day;
/** Flow records and status patches disagree on the moment by up to a reporting interval. */
const slack = 2 * minute;
/** Letters of a pod's name that are in the name of its session: the rest may be cut. */
const sessionPart = 20;
/** Versions of a pod's labels that are kept. */
const mostVersions = 8;
/** Pods known at once. Beyond it the oldest are forgotten: their traffic is then told by its address. */
const mostPods = 150_000;

/** Labels that a pod had from a moment on, and what it was with them. */
interface Labelled {
  readonly fact: LabelsFact;
  attribution?: Attribution;
}

type LabelsFact = Extract<Fact, { kind: 'labels' }>;

interface Pod {
  readonly uid: string;
  about?: PodFact;
  /** The newest first. */
  labels: readonly Labelled[];
  placed?: Extract<Fact, { kind: 'placed' }>;
  ended: number;
  readonly addresses: Map<string, number>;
  /** What it is, whatever its labels. */
  attribution?: Attribution | undefined;
}

/** A node's name may be given to another machine once it is gone: it ended only if nothing was heard of it since. */
interface Node {
  readonly name: string;
  ended: number;
  readonly instances: Map<string, number>;
  readonly addresses: Map<string, Lease>;
  readonly attribution: Attribution;
}

/** A stretch of time in which somebody had an address: from its first mention until the holder ended. */
interface Lease {
  from: number;
  last: number;
  readonly name: string;
  readonly holder: Pod | Node;
}

/**
 * Address → pod → workload → service account → role, and address → node, as ranges of time, of one cluster. A join of
 * facts: the same facts make the same graph in whatever order and however often they come.
 */
export class EntityGraph {
  private readonly scope: Scope;
  private readonly pods = new Map<string, Pod>();
  private readonly nodes = new Map<string, Node>();
  private readonly leases = new Map<string, Map<string, Lease>>();

  constructor(scope: Scope) {
    this.scope = scope;
  }

  add(fact: Fact): void {
    if ('node' in fact && fact.kind !== 'placed') this.addNode(fact);
    else if ('uid' in fact) this.addPod(fact);
  }

  /** Who had an address in the minute that begins at a time. */
  holderOf(address: string, time: number): Attribution | undefined {
    let best: Lease | undefined;
    let closeness = 0;
    for (const lease of this.leases.get(address)?.values() ?? []) {
      const near = closenessOf(lease, time);
      if (near > closeness || (near === closeness && best !== undefined && cameAfter(lease, best))) [best, closeness] = [lease, near];
    }
    if (best === undefined) return undefined;
    const { holder } = best;
    if (!('uid' in holder)) return holder.attribution;
    return this.hostAt(holder, address)?.attribution ?? this.attributionOf(holder, time);
  }

  /** The node of a pod on the host network, whose address is its node's: the node answers for it, whichever report told what. */
  private hostAt({ placed }: Pod, address: string): Node | undefined {
    const node = this.nodes.get(placed?.node ?? '');
    return node?.addresses.has(address) === true ? node : undefined;
  }

  /** Where a pod's token belongs. Nothing where the pod's addresses are unknown. */
  homeOfPod(uid: string): Omit<Whereabouts, 'holder'> | undefined {
    const pod = this.pods.get(uid);
    if (pod === undefined || pod.addresses.size === 0) return undefined;
    const node = this.nodes.get(pod.placed?.node ?? '');
    return {
      owner: pod.about === undefined ? uid : `${pod.about.namespace}/${pod.about.name}`,
      home: new Set([...pod.addresses.keys(), ...(node?.addresses.keys() ?? [])]),
      instances: new Set(node?.instances.keys()),
    };
  }

  /** Where a node's credential belongs. Nothing where the node's addresses are unknown. */
  homeOfNode(name: string): Omit<Whereabouts, 'holder'> | undefined {
    const node = this.nodes.get(name);
    if (node === undefined || node.addresses.size === 0) return undefined;
    return { owner: name, home: new Set(node.addresses.keys()), instances: new Set(node.instances.keys()) };
  }

  /** Where the pod runs that a session of Pod Identity is named after. Nothing where no pod, or more than one, fits the name. */
  homeOfSession(namespace: string, session: string): Omit<Whereabouts, 'holder'> | undefined {
    const fitting = [...this.pods.values()].filter(
      ({ about, placed, ended }) =>
        about?.namespace === namespace &&
        placed !== undefined &&
        ended === Infinity &&
        session.includes(`-${about.name.slice(0, sessionPart)}`),
    );
    const [pod] = fitting;
    if (pod?.placed === undefined || fitting.length > 1) return undefined;
    const node = this.nodes.get(pod.placed.node);
    return {
      owner: `${namespace}/${pod.about?.name ?? ''}`,
      home: new Set([...pod.addresses.keys(), ...(node?.addresses.keys() ?? [])]),
      instances: new Set(node?.instances.keys()),
    };
  }

  /** Forgets who ended so long before a time that no record can be about them. */
  forgetBefore(time: number): void {
    for (const pod of this.pods.values()) if (pod.ended < time - keptAfterEnd) this.forget(pod);
    for (const node of this.nodes.values()) {
      for (const [address, { last }] of node.addresses)
        if (last < time - nodeKept || (node.ended >= last && node.ended < time - keptAfterEnd))
          this.release(node.addresses, address, `node ${node.name}`);
      if (node.addresses.size === 0 && node.ended > -Infinity) this.nodes.delete(node.name);
    }
  }

  /** The facts that make this graph. */
  *facts(): Iterable<Fact> {
    for (const { uid, about, labels, placed, ended, addresses } of this.pods.values()) {
      if (about !== undefined) yield about;
      for (const { fact } of labels) yield fact;
      if (placed !== undefined) yield placed;
      for (const [address, time] of addresses) yield { kind: 'pod-address', uid, time, address };
      if (ended < Infinity) yield { kind: 'pod-ended', uid, time: ended };
    }
    for (const { name: node, instances, addresses, ended } of this.nodes.values()) {
      for (const [instance, time] of instances) yield { kind: 'node-instance', node, time, instance };
      for (const [address, { from, last }] of addresses)
        for (const time of new Set([from, last])) yield { kind: 'node-address', node, time, address };
      if (ended > -Infinity) yield { kind: 'node-ended', node, time: ended };
    }
  }

  private addPod(fact: Extract<Fact, { uid: string }>): void {
    const pod = this.podNamed(fact.uid);
    pod.attribution = undefined;
    pod.labels = pod.labels.map(({ fact: labels }) => ({ fact: labels }));
    if (fact.kind === 'pod') pod.about = earliest(pod.about, fact);
    else if (fact.kind === 'labels') pod.labels = withVersion(pod.labels, fact);
    else if (fact.kind === 'placed') pod.placed = earliest(pod.placed, fact);
    else if (fact.kind === 'pod-ended') pod.ended = Math.min(pod.ended, fact.time);
    else {
      const from = Math.min(pod.addresses.get(fact.address) ?? Infinity, fact.time);
      pod.addresses.set(fact.address, from);
      this.lease(fact.address, `pod ${fact.uid}`, pod, fact.time);
    }
  }

  private addNode(fact: Exclude<Extract<Fact, { node: string }>, { kind: 'placed' }>): void {
    const node = this.nodeNamed(fact.node);
    if (fact.kind === 'node-ended') node.ended = Math.max(node.ended, fact.time);
    else if (fact.kind === 'node-instance')
      node.instances.set(fact.instance, Math.min(node.instances.get(fact.instance) ?? Infinity, fact.time));
    else node.addresses.set(fact.address, this.lease(fact.address, `node ${fact.node}`, node, fact.time));
  }

  private lease(address: string, name: string, holder: Pod | Node, time: number): Lease {
    let leases = this.leases.get(address);
    if (leases === undefined) this.leases.set(address, (leases = new Map<string, Lease>()));
    let lease = leases.get(name);
    if (lease === undefined) leases.set(name, (lease = { from: time, last: time, name, holder }));
    lease.from = Math.min(lease.from, time);
    lease.last = Math.max(lease.last, time);
    return lease;
  }

  private podNamed(uid: string): Pod {
    let pod = this.pods.get(uid);
    if (pod === undefined) {
      if (this.pods.size >= mostPods) for (const oldest of this.pods.values()) return (this.forget(oldest), this.podNamed(uid));
      this.pods.set(uid, (pod = { uid, labels: [], ended: Infinity, addresses: new Map() }));
    }
    return pod;
  }

  private nodeNamed(name: string): Node {
    let node = this.nodes.get(name);
    if (node === undefined) {
      const attribution: Attribution = {
        entity: { kind: 'node', id: name, name },
        basis: 'node',
        namespace: '',
        pod: '',
        serviceAccount: '',
        node: name,
      };
      this.nodes.set(name, (node = { name, ended: -Infinity, instances: new Map(), addresses: new Map(), attribution }));
    }
    return node;
  }

  private forget(pod: Pod): void {
    for (const address of pod.addresses.keys()) this.release(pod.addresses, address, `pod ${pod.uid}`);
    this.pods.delete(pod.uid);
  }

  private release(addresses: Map<string, unknown>, address: string, name: string): void {
    addresses.delete(address);
    const leases = this.leases.get(address);
    leases?.delete(name);
    if (leases?.size === 0) this.leases.delete(address);
  }

  private attributionOf(pod: Pod, time: number): Attribution | undefined {
    const attribution = (pod.attribution ??= this.describe(pod));
    const version = pod.labels.find(({ fact }) => fact.time <= time + slack);
    if (attribution === undefined || version?.fact.labels === undefined) return attribution;
    return (version.attribution ??= { ...attribution, labels: new Map(Object.entries(version.fact.labels)) });
  }

  private describe({ about, placed }: Pod): Attribution | undefined {
    if (about === undefined) return undefined;
    const path = `${about.namespace}/${about.owner.toLowerCase()}/${about.ownerName}`;
    return {
      entity: { kind: 'workload', id: `${this.scope.cluster}/${path}`, name: path },
      basis: 'pod',
      namespace: about.namespace,
      pod: about.name,
      serviceAccount: about.serviceAccount,
      node: placed?.node ?? '',
      since: about.time,
    };
  }
}

/** The newest versions, each moment's one; what a version stood for is made anew, for the pod may be known better now. */
function withVersion(versions: readonly Labelled[], fact: LabelsFact): readonly Labelled[] {
  const facts = versions.map((version) => version.fact);
  const same = facts.findIndex(({ time }) => time === fact.time);
  if (same >= 0) facts[same] = earliest(facts[same], fact);
  else facts.push(fact);
  return facts
    .sort((one, other) => other.time - one.time)
    .slice(0, mostVersions)
    .map((kept) => ({ fact: kept }));
}

/** How well a lease fits a minute: 0 not at all, 1 within the slack, more by the share of the minute that it covers. */
function closenessOf(lease: Lease, time: number): number {
  const { from } = lease;
  const ended = endOf(lease);
  const covered = Math.min(ended, time + minute) - Math.max(from, time);
  if (covered > 0) return 1 + covered;
  return from <= time + minute + slack && time <= ended + slack ? 1 : 0;
}

/** Of two holders that fit alike, the one that came later took the address over. */
function cameAfter(one: Lease, other: Lease): boolean {
  return one.from === other.from ? one.name > other.name : one.from > other.from;
}

function endOf({ holder, last }: Lease): number {
  return 'uid' in holder ? holder.ended : holder.ended < last ? Infinity : holder.ended;
}

/** Of facts that contradict each other the first counts; of two at once, whichever reads first. */
function earliest<T extends Fact>(known: T | undefined, other: T): T {
  return known === undefined || inOrder(other, known) < 0 ? other : known;
}

function inOrder(one: Fact, other: Fact): number {
  if (one.time !== other.time) return one.time - other.time;
  const [first, second] = [JSON.stringify(one), JSON.stringify(other)];
  return first < second ? -1 : first > second ? 1 : 0;
}

import { isControlPlane } from '../model/actor.ts';
import type { AuditEvent } from '../model/audit.ts';
import type { Scope } from '../model/base.ts';
import type { Entity } from '../model/entity.ts';
import type { Attribution, FlowEvent } from '../model/flow.ts';
import { digest } from '../model/hash.ts';
import { at, list, object, parseJson, text } from '../model/json.ts';
import { day, minute } from '../model/time.ts';
import { Recent } from '../model/recent.ts';
import { owned } from '../model/writing.ts';
import type { Merge, StateItem, StateStore } from './store.ts';

/**
 * Address → pod → workload and address → node, learnt from what EKS already logs: pods as they are created, the
 * kubelet's status patches that set addresses, and deletions. An address is held for a range of time, because it is
 * given to another pod within a minute. Facts, not habits: written whatever was found.
 */

const keptDays = 14;
/** Pods that may have held one address within the days kept. */
const cap = 400;
/** The set of an item of a pod that says what the pod is; every other set is of moments. */
const aboutPod = 'info';
/** Flow records and status patches disagree on the moment by up to a reporting interval. */
const slack = 2 * minute;

const podKey = (scope: Scope, uid: string): string => `pod:${digest(22, [scope.account, scope.region, scope.cluster, uid])}`;

/** Flow logs name addresses over and over, so theirs is a key without a hash: an address has few letters and an end. */
function addressKey({ account, region, cluster }: Scope, address: string): string {
  return `address:${account}/${region}/${cluster}/${address.slice(0, longestAddress)}`;
}

/** Characters of an IPv6 address with a zone. */
const longestAddress = 64;

/** What an audit event tells of pods, nodes and addresses. */
export function entityFacts(event: AuditEvent): Merge[] {
  const { target, verb } = event;
  if (target.resource !== 'pods' || !event.allowed || event.dryRun) return [];
  // Server-side apply makes a pod by a patch, and tells by its status.
  if ((verb === 'create' || (verb === 'patch' && event.code === 201)) && target.subresource === '') return podCreated(event);
  if (target.subresource === 'status' && (verb === 'patch' || verb === 'update')) return addressesSet(event);
  if (verb === 'delete' && target.subresource === '') return podDeleted(event);
  return [];
}

function podCreated(event: AuditEvent): Merge[] {
  const uid = text(event.metadata?.['uid']);
  if (uid === undefined) return [];
  const { kind, name } = ownerOf(event);
  const labels = object(event.metadata?.['labels']) ?? {};
  const pod = { namespace: event.target.namespace, name: event.name, kind, owner: name, labels, since: event.time };
  return [merge(event, podKey(event.scope, uid), { [aboutPod]: [JSON.stringify(pod)] })];
}

/**
 * The workload behind a pod: its controller, and for a ReplicaSet the Deployment that the template hash betrays. An owner
 * that anybody else names is one of theirs only: it neither answers for the pod nor lends it its habits.
 */
function ownerOf(event: AuditEvent): { kind: string; name: string } {
  const { actor, metadata } = event;
  const owner = object(list(metadata?.['ownerReferences']).find((reference) => at(reference, 'controller') === true));
  const kind = text(owner?.['kind']);
  const name = text(owner?.['name']);
  if (kind === undefined || name === undefined) return { kind: 'Pod', name: event.name };
  if (!isControlPlane(actor)) return { kind, name: `${name} of ${actor.name}` };
  const hash = text(at(metadata, 'labels', 'pod-template-hash'));
  if (kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`))
    return { kind: 'Deployment', name: name.slice(0, -hash.length - 1) };
  // CronJobs name their Jobs NAME-MINUTES. Source: kubernetes, pkg/controller/cronjob.
  if (kind === 'Job' && /-\d{8,10}$/.test(name)) return { kind: 'CronJob', name: name.slice(0, name.lastIndexOf('-')) };
  return { kind, name };
}

const reportsWorthReading = ['IP', 'Succeeded', 'Failed'];

/** A status patch is a delta: it holds addresses only when it sets them. */
function addressesSet(event: AuditEvent): Merge[] {
  // Of a pod's many status reports, few say anything about addresses.
  if (!reportsWorthReading.some((word) => event.mayMention(word))) return [];
  const body = event.report;
  const uid = text(at(body, 'metadata', 'uid')) ?? text(event.metadata?.['uid']);
  const status = object(at(body, 'status'));
  if (uid === undefined || status === undefined) return [];
  const host = text(status['hostIP']);
  const addresses = new Set([text(status['podIP']), ...list(status['podIPs']).map((entry) => text(at(entry, 'ip')))]);
  const node = event.actor.type === 'node' ? event.actor.id.slice('system:node:'.length) : undefined;
  const facts: Merge[] = [];
  if (host !== undefined && node !== undefined)
    facts.push(merge(event, addressKey(event.scope, host), { [`node ${node}`]: [stamp(event)] }));
  for (const address of addresses) {
    // A pod on the host network has the node's address: the node answers for it.
    if (address === undefined || address === host) continue;
    facts.push(merge(event, addressKey(event.scope, address), { [`pod ${uid}`]: [stamp(event)] }));
  }
  const ended = status['phase'] === 'Succeeded' || status['phase'] === 'Failed';
  if (ended) facts.push(merge(event, podKey(event.scope, uid), { ended: [stamp(event)] }));
  return facts;
}

function podDeleted(event: AuditEvent): Merge[] {
  const uid = text(event.metadata?.['uid']);
  // Answered with the pod still there, the deletion only begins: the pod keeps its address for its grace period.
  const grace = Number(event.metadata?.['deletionGracePeriodSeconds'] ?? 0);
  if (uid === undefined) return [];
  return [merge(event, podKey(event.scope, uid), { ended: [String(event.time + (Number.isFinite(grace) ? grace : 0) * 1000)] })];
}

/**
 * Whether facts say nothing that matters beyond what is known: of moments only the earliest counts, so a later one is
 * written once a day, to keep the item from expiring. Kubelets name their node's address in every report of a pod.
 */
export function isKnownFact({ sets }: Merge, known: StateItem | undefined): boolean {
  return Object.entries(sets).every(([name, members]) => {
    const held = known?.sets.get(name);
    if (held === undefined || name === aboutPod) return false;
    const times = [...held].map(Number);
    return members.every((member) => {
      const time = Number(member);
      return times.some((other) => other <= time) && times.some((other) => other > time - day);
    });
  });
}

function merge(event: AuditEvent, key: string, sets: Record<string, string[]>): Merge {
  return { key, sets, expires: event.time + keptDays * day, cap };
}

function stamp(event: AuditEvent): string {
  return String(event.time);
}

/** A stretch of time in which somebody had an address. */
interface Lease {
  readonly from: number;
  readonly until: number;
  readonly attribution: Attribution;
}

/** Addresses whose leases are remembered. */
const rememberedAddresses = 20_000;

/** Who had which address. What was read is good for a minute of event time: addresses change hands by themselves. */
export class AddressHolders {
  private readonly store: Pick<StateStore, 'read'>;
  private readonly known = new Map<string, Recent<{ readonly moment: number; readonly leases: readonly Lease[] }>>();

  constructor(store: Pick<StateStore, 'read'>) {
    this.store = store;
  }

  /** Fills in who had the addresses of one cluster's conversations when they took place. Two reads: addresses, then their pods. */
  async attribute(events: readonly FlowEvent[]): Promise<void> {
    const scope = events[0]?.scope;
    if (scope === undefined) return;
    const known = this.knownIn(scope);
    const moment = events.reduce((newest, { time }) => Math.max(newest, time), 0);
    const stale = new Set<string>();
    for (const { initiator, responder } of events)
      for (const { reach, address } of [initiator, responder])
        if (reach === 'private' && !stale.has(address) && !((known.get(address)?.moment ?? -Infinity) >= moment - minute))
          stale.add(address);
    if (stale.size > 0) for (const [address, leases] of await this.leasesOf(scope, [...stale])) known.set(address, { moment, leases });
    for (const event of events) {
      const { initiator, responder, time } = event;
      event.attribute(holderOf(known.get(initiator.address)?.leases, time), holderOf(known.get(responder.address)?.leases, time));
    }
  }

  private knownIn({ account, region, cluster }: Scope): Recent<{ readonly moment: number; readonly leases: readonly Lease[] }> {
    const name = `${account} ${region} ${cluster}`;
    let known = this.known.get(name);
    if (known === undefined) this.known.set(name, (known = new Recent(rememberedAddresses)));
    return known;
  }

  private async leasesOf(scope: Scope, addresses: readonly string[]): Promise<ReadonlyMap<string, readonly Lease[]>> {
    const keys = new Map(addresses.map((address) => [owned(address), addressKey(scope, address)]));
    const items = await this.store.read([...keys.values()], 'eventual');
    const holders = new Set<string>();
    for (const { sets } of items.values())
      for (const name of sets.keys()) if (name.startsWith('pod ')) holders.add(podKey(scope, name.slice(4)));
    const pods = holders.size === 0 ? new Map<string, StateItem>() : await this.store.read([...holders], 'eventual');
    return new Map([...keys].map(([address, key]) => [address, leasesOf(scope, items.get(key), pods)]));
  }
}

/** The lease begun last before the flow ended, of those that had not ended before it. */
function holderOf(leases: readonly Lease[] | undefined, time: number): Attribution | undefined {
  return leases?.find(({ from, until }) => from <= time + slack && time <= until + slack)?.attribution;
}

/** Who had an address, newest first. */
function leasesOf(scope: Scope, address: StateItem | undefined, pods: ReadonlyMap<string, StateItem>): readonly Lease[] {
  const leases: Lease[] = [];
  for (const [holder, stamps] of address?.sets ?? []) {
    const from = earliest(stamps);
    const [kind = '', id = ''] = holder.split(' ', 2);
    const pod = kind === 'pod' ? pods.get(podKey(scope, id)) : undefined;
    const attribution = kind === 'node' ? nodeAttribution(id) : podAttribution(scope, pod);
    if (attribution !== undefined) leases.push({ from, until: earliest(pod?.sets.get('ended')), attribution });
  }
  return leases.sort((a, b) => b.from - a.from);
}

function earliest(stamps: ReadonlySet<string> | undefined): number {
  return Math.min(...[...(stamps ?? [])].map(Number));
}

function nodeAttribution(name: string): Attribution {
  return { entity: { kind: 'node', id: name, name }, basis: 'node', namespace: '', pod: '', serviceAccount: '', node: name };
}

function podAttribution(scope: Scope, pod: StateItem | undefined): Attribution | undefined {
  const info = object(parseJson([...(pod?.sets.get(aboutPod) ?? [])].sort()[0] ?? ''));
  if (info === undefined) return undefined;
  const namespace = text(info['namespace']) ?? '';
  const path = `${namespace}/${(text(info['kind']) ?? 'Pod').toLowerCase()}/${text(info['owner']) ?? ''}`;
  const entity: Entity = { kind: 'workload', id: `${scope.cluster}/${path}`, name: path };
  const labels = new Map(
    Object.entries(object(info['labels']) ?? {}).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : [])),
  );
  const since = Number(info['since']);
  return { entity, basis: 'pod', namespace, pod: text(info['name']) ?? '', serviceAccount: '', node: '', labels, since };
}

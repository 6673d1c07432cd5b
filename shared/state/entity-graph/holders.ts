import { type Scope, lateness } from '../../model/base.ts';
import type { ApiEvent } from '../../model/api.ts';
import type { AuditEvent } from '../../model/audit.ts';
import type { Attribution, Peer, Traffic } from '../../model/flow.ts';
import { Recent } from '../../model/recent.ts';
import { minute } from '../../model/time.ts';
import type { Whereabouts } from '../../model/whereabouts.ts';
import { owned } from '../../model/writing.ts';
import type { StateStore } from '../store.ts';
import { changesPartition, factsIn, placeOf, snapshotPartition, stretchOf } from './documents.ts';
import { EntityGraph } from './graph.ts';
import { whereaboutsOf } from './locating.ts';
import { newestSnapshot, openStretches, openStretchesKeys, snapshotsKey } from './marks.ts';

/** What a process knows of one cluster's graph. */
interface Known {
  readonly graph: EntityGraph;
  readonly seen: Map<string, number>;
  /** The moment of the newest document that was read. */
  newest: number;
  /** Until when, in event time. */
  until: number;
}

/** Documents remembered as read lie so far back: what may still come late. */
const overlap = lateness.audit;
/** Documents that are so much older than the newest may still be on their way: several API servers log, and many processes read. */
const underWay = 2 * minute;

/** Callers remembered as having called from where they belong. */
const rememberedCallers = 20_000;

/** How many private addresses were asked for, and how many of them had a holder. */
export interface HitRate {
  readonly asked: number;
  readonly named: number;
}

/**
 * Who had which address. A process reads a cluster's snapshot and what was recorded since, and from then on what is new, whenever
 * the time that is asked for is a minute past what it knows: so a payload costs no request of its own. Flow logs come minutes after the audit log,
 * so what is read for one minute of them is good for the next ones.
 */
export class AddressHolders {
  private readonly store: Pick<StateStore, 'read' | 'list'>;
  private readonly clusters = new Map<string, Known>();
  private readonly atHome = new Recent<Whereabouts>(rememberedCallers);

  constructor(store: Pick<StateStore, 'read' | 'list'>) {
    this.store = store;
  }

  /** Fills in who had the addresses of one cluster's conversations when they took place. */
  async attribute(scope: Scope, { events, replies }: Traffic): Promise<HitRate> {
    let newest = 0;
    let hasPrivate = false;
    for (const traffic of [events, replies]) {
      for (const { initiator, responder, time } of traffic) {
        newest = Math.max(newest, time);
        hasPrivate ||= initiator.reach === 'private' || responder.reach === 'private';
      }
    }
    if (!hasPrivate) return { asked: 0, named: 0 };
    const graph = await this.graphAt(scope, newest);
    let asked = 0;
    let named = 0;
    for (const event of events) {
      const { initiator, responder, time } = event;
      const from = holderAt(graph, initiator, time);
      const to = holderAt(graph, responder, time);
      event.attribute(from, to);
      if (initiator.reach === 'private' && !event.isForwarded) asked += 1;
      if (from !== undefined) named += 1;
    }
    for (const reply of replies) {
      const { initiator, responder, time } = reply;
      reply.attribute(holderAt(graph, initiator, time), holderAt(graph, responder, time));
    }
    return { asked, named };
  }

  /** Notes where the credentials of one cluster's calls belong. Who was at home is not asked for again. */
  async locate(events: readonly (AuditEvent | ApiEvent)[]): Promise<void> {
    if (events.length === 0) return;
    const toAsk = events.filter((event) => (event.whereabouts = this.atHome.get(nameOf(event))) === undefined);
    for (const some of Map.groupBy(toAsk, ({ scope }) => clusterOf(scope)).values()) {
      const [{ scope }] = some as [AuditEvent | ApiEvent];
      const newest = some.reduce((latest, { time }) => Math.max(latest, time), 0);
      const graph = await this.graphAt(scope, newest);
      for (const event of some) {
        event.whereabouts = whereaboutsOf(event, graph);
        if (event.whereabouts?.home.has(event.origin.address) === true) this.atHome.set(owned(nameOf(event)), event.whereabouts);
      }
    }
  }

  /** The graph of a cluster as it is known at a time: at most a minute of event time old. */
  async graphAt(scope: Scope, time: number): Promise<EntityGraph> {
    const name = clusterOf(scope);
    let known = this.clusters.get(name);
    if (known === undefined || stretchOf(known.until) < stretchOf(time) - 1) {
      known = await this.begin(scope, time);
      this.clusters.set(name, known);
    } else if (time >= known.until + minute) await this.goOn(scope, known, time);
    return known.graph;
  }

  /** Everything there is: the newest snapshot, and what was recorded and is in none. */
  private async begin(scope: Scope, time: number): Promise<Known> {
    const items = await this.store.read([snapshotsKey(scope), ...openStretchesKeys], 'eventual');
    const snapshot = newestSnapshot(items.get(snapshotsKey(scope)));
    const open = openStretches(items.values()).filter((stretch) => isSame(stretch.scope, scope));
    const known: Known = { graph: new EntityGraph(scope), seen: new Map(), newest: 0, until: time };
    // The current stretch is read whether marked or not: its mark may be younger than what was read of the marks.
    const changes = new Set([...open.map(({ number }) => number), stretchOf(time)]);
    const partitions = [...changes].map((number) => changesPartition({ scope, number }));
    if (snapshot !== undefined) partitions.push(snapshotPartition({ scope, number: snapshot }));
    await Promise.all(partitions.map((partition) => this.read(partition, '', known)));
    known.until = knownUntil(known, time);
    return known;
  }

  private async goOn(scope: Scope, known: Known, time: number): Promise<void> {
    const from = known.until - overlap;
    for (let number = stretchOf(from); number <= stretchOf(time); number += 1)
      await this.read(changesPartition({ scope, number }), number === stretchOf(from) ? placeOf(from) : '', known);
    known.until = knownUntil(known, time);
    known.graph.forgetBefore(time - overlap);
    for (const [place, moment] of known.seen) if (moment < from) known.seen.delete(place);
  }

  private async read(partition: string, from: string, known: Known): Promise<void> {
    for (const document of await this.store.list(partition, { from, consistency: 'eventual' })) {
      const place = `${partition}\t${document.sort}`;
      if (known.seen.has(place)) continue;
      const moment = Number(document.sort.split('/', 1)[0]);
      known.seen.set(place, moment);
      known.newest = Math.max(known.newest, moment);
      for (const fact of factsIn(document)) known.graph.add(fact);
    }
  }
}

/** Until when what was read at a time tells all that there is. A moment that is far ahead is nobody's: what is new is then read all the same. */
function knownUntil({ newest }: Known, time: number): number {
  return Math.max(time, Math.min(newest - underWay, time + overlap));
}

function clusterOf({ account, region, cluster }: Scope): string {
  return `${account} ${region} ${cluster}`;
}

/** A caller at an address. */
function nameOf({ scope, actor, origin }: AuditEvent | ApiEvent): string {
  return `${clusterOf(scope)} ${actor.pod?.uid ?? actor.id} ${origin.address}`;
}

/** Who had a private address; of one that people named a gateway's, the gateway: it sends again what others sent. */
function holderAt(graph: EntityGraph, { address, network, reach }: Peer, time: number): Attribution | undefined {
  if (reach !== 'private') return undefined;
  if (!network.startsWith(gateways)) return graph.holderOf(address, time);
  const entity = { kind: 'address', id: network, name: network } as const;
  return { entity, basis: 'gateway', namespace: '', pod: '', serviceAccount: '', node: '' };
}

/** What names of ranges of NAT gateways begin with. */
const gateways = 'nat';

function isSame(one: Scope, other: Scope): boolean {
  return one.account === other.account && one.region === other.region && one.cluster === other.cluster;
}

import type { Scope } from '../../model/base.ts';
import type { FlowEvent, Traffic } from '../../model/flow.ts';
import { Recent } from '../../model/recent.ts';
import type { Site } from '../../model/site.ts';
import { minute } from '../../model/time.ts';
import type { StateItem, StateStore } from '../store.ts';
import { Answers, type Case, caseOf, forbiddenBy, isSteady, shownBy } from './case.ts';
import { clusterKey, clusterSets, everywhere, namespaceKey } from './facts.ts';
import { NamespaceRecord } from './record.ts';

/** What was read is good for so long in event time: younger policies are not yet applied, and what seems forbidden is looked up again. */
const readFor = 5 * minute;
/** Conversations known to be no matter. */
const mostSettled = 20_000;
/** For so long in event time, while policies stay as they are. */
const settledFor = 30 * minute;
/** Namespaces read at once; with more, those are read anew that are asked for. */
const mostRecords = 200;

/** What is known of one cluster's policies. */
interface Cluster {
  moment: number;
  /** Namespaces that have or had policies. */
  watched: ReadonlySet<string>;
  /** Namespaces with policies of other kinds, which may let through what NetworkPolicies close. */
  obscured: ReadonlySet<string>;
  records: Map<string, NamespaceRecord>;
  /** Conversations that no policy forbids, and since when that is so. */
  settled: Recent<number>;
  settledSince: number;
}

/**
 * Holds conversations against the NetworkPolicies that were in force. A cluster without policies costs one read in some minutes, and
 * nothing per conversation.
 */
export class PolicyBook {
  private readonly store: Pick<StateStore, 'read'>;
  private readonly site: Site;
  private readonly clusters = new Map<string, Cluster>();

  constructor(store: Pick<StateStore, 'read'>, site: Site) {
    this.store = store;
    this.site = site;
  }

  /** Reads anew what is no longer good at the time of one cluster's conversations. */
  async refresh(events: readonly FlowEvent[]): Promise<void> {
    const scope = events[0]?.scope;
    if (scope === undefined) return;
    const cluster = this.clusterOf(scope);
    let moment = 0;
    for (const { time } of events) moment = Math.max(moment, time);
    if (moment - cluster.moment < readFor) return;
    if (cluster.records.size > mostRecords) cluster.records.clear();
    const names = [...cluster.records.keys()];
    const items = await this.store.read([clusterKey(scope), ...names.map((name) => namespaceKey(scope, name))], 'eventual');
    const sets = items.get(clusterKey(scope))?.sets;
    cluster.watched = sets?.get(clusterSets.watched) ?? new Set();
    cluster.obscured = sets?.get(clusterSets.obscured) ?? new Set();
    const records = new Map(names.map((name) => [name, this.recordOf(name, items.get(namespaceKey(scope, name)))]));
    const same = names.length > 0 && names.every((name) => records.get(name)?.content === cluster.records.get(name)?.content);
    // Pods may get other labels while all policies stay as they are.
    if (!same || moment - cluster.settledSince >= settledFor) {
      cluster.settled = new Recent(mostSettled);
      cluster.settledSince = moment;
    }
    cluster.records = records;
    cluster.moment = moment;
  }

  /** Notes which policies forbid one cluster's conversations, of those that took place and whose ends are known. */
  async attribute({ events, replies }: Traffic): Promise<void> {
    const scope = events[0]?.scope;
    if (scope === undefined) return;
    const cluster = this.clusterOf(scope);
    if (cluster.watched.size === 0 || cluster.obscured.has(everywhere)) return;
    const closable = (namespace: string): boolean => cluster.watched.has(namespace) && !cluster.obscured.has(namespace);
    const answers = new Answers(replies);
    const cases: Case[] = [];
    const settling = new Set<Case>();
    for (const event of events) {
      const whole = caseOf(event, closable);
      if (whole === undefined || (cluster.settled.get(whole.name) ?? Infinity) <= event.time) continue;
      const shown = shownBy(whole, answers);
      if (shown !== undefined) cases.push(shown);
      // Of what was not answered, a later answer may tell more.
      if (shown === whole) settling.add(whole);
    }
    const fresh = await this.load(scope, cluster, cases, (name) => !cluster.records.has(name));
    const suspects = cases.filter((one) => forbiddenBy(one, cluster.records) !== undefined);
    for (const one of suspects) settling.delete(one);
    for (const one of settling) if (isSteady(one, cluster.records)) cluster.settled.set(one.name, one.event.time);
    // Whoever just opened a way is not to be told that it is closed.
    await this.load(scope, cluster, suspects, (name) => !fresh.has(name));
    for (const one of suspects) one.event.forbidden = forbiddenBy(one, cluster.records);
  }

  /** Reads the namespaces of cases that are wanted; returns those that were read. */
  private async load(
    scope: Scope,
    { records }: Cluster,
    cases: readonly Case[],
    wanted: (name: string) => boolean,
  ): Promise<ReadonlySet<string>> {
    const names = new Set(cases.flatMap(({ namespaces }) => namespaces));
    const missing = [...names].filter(wanted);
    if (missing.length === 0) return new Set();
    const items = await this.store.read(
      missing.map((name) => namespaceKey(scope, name)),
      'strong',
    );
    for (const name of missing) records.set(name, this.recordOf(name, items.get(namespaceKey(scope, name))));
    return new Set(missing);
  }

  private recordOf(name: string, item: StateItem | undefined): NamespaceRecord {
    return new NamespaceRecord(name, item, this.site.knowsPoliciesOf(name));
  }

  private clusterOf({ account, region, cluster: name }: Scope): Cluster {
    const key = `${account} ${region} ${name}`;
    let cluster = this.clusters.get(key);
    if (cluster === undefined) {
      cluster = {
        moment: -Infinity,
        watched: new Set(),
        obscured: new Set(),
        records: new Map(),
        settled: new Recent(mostSettled),
        settledSince: -Infinity,
      };
      this.clusters.set(key, cluster);
    }
    return cluster;
  }
}

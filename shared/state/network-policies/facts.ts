import type { AuditEvent } from '../../model/audit.ts';
import type { Scope } from '../../model/base.ts';
import { digest } from '../../model/hash.ts';
import { at, list, number, object } from '../../model/json.ts';
import { day } from '../../model/time.ts';
import { joined, type Merge, type Removal, type Sets, type StateItem } from '../store.ts';
import { mostVersions, type PolicyVersion, setNames, versionsIn } from './versions.ts';

/*
 * What the audit log tells of NetworkPolicies, and of namespaces as far as policies select by them. Facts, not habits: written
 * whatever was found. One item per namespace holds the versions of all its policies, and one per cluster the namespaces that have
 * any. Versions are joined by union and ordered by event time when they are read, so it does not matter in which order they come.
 */

/** Sets of a cluster's item. */
export const clusterSets = { watched: 'namespaces', obscured: 'other-policies' } as const;
/** Stands for the whole cluster among namespaces: no namespace has this name. */
export const everywhere = '*';

const keptDays = 1_000;
/** What was written anew without a change is written here again after so long, to keep the item from expiring. */
const refreshedDays = 100;
/** What was replaced so long ago no traffic is judged by any more. */
const pastDays = 2;
/** The largest spec and the largest labels that are kept: as many versions as are kept fit one item. */
const largestSpec = 4_000;
const largestLabels = 1_000;
const mostNamespaces = 2_000;

/** Policies of other kinds let traffic through that NetworkPolicies alone would not, and their content is not logged. Sources: Cilium, Calico, Kubernetes network policy API. */
const otherPolicies: ReadonlySet<string> = new Set([
  'globalnetworkpolicies',
  'ciliumnetworkpolicies',
  'ciliumclusterwidenetworkpolicies',
  'adminnetworkpolicies',
  'baselineadminnetworkpolicies',
  'clusternetworkpolicies',
  'applicationnetworkpolicies',
]);

/** Where the policies of a namespace are remembered. */
export function namespaceKey({ account, region, cluster }: Scope, namespace: string): string {
  return `policies:${digest(22, [account, region, cluster, namespace])}`;
}

/** Where it is remembered which namespaces have policies. */
export function clusterKey({ account, region, cluster }: Scope): string {
  return `policies:${digest(22, [account, region, cluster])}`;
}

/** What an audit event tells of NetworkPolicies and of namespaces. */
export function policyFacts(event: AuditEvent): Merge[] {
  const { target } = event;
  if (target.resource === 'namespaces') return namespaceFacts(event);
  if (target.subresource !== '') return [];
  const kubernetes = target.group === 'networking.k8s.io' || target.group === 'extensions';
  if (target.resource === 'networkpolicies' && kubernetes) return policyVersion(event);
  if (target.resource !== 'networkpolicies' && !otherPolicies.has(target.resource)) return [];
  if (!changes(event)) return [];
  return [clusterFact(event, clusterSets.obscured, target.namespace || everywhere)];
}

const writes: ReadonlySet<string> = new Set(['create', 'update', 'patch']);

function changes({ verb, allowed, dryRun }: AuditEvent): boolean {
  return writes.has(verb) && allowed && !dryRun;
}

function namespaceFacts(event: AuditEvent): Merge[] {
  if (!changes(event)) return [];
  const { verb, code, name, target, metadata } = event;
  const created = target.subresource === '' && (verb === 'create' || (verb === 'patch' && code === 201));
  const labels = JSON.stringify(object(metadata?.['labels']) ?? {});
  const sets: Record<string, readonly string[]> = {};
  if (created) sets[setNames.born] = [String(event.time)];
  if (metadata !== undefined) sets[setNames.labels] = [`${positionOf(event)} ${labels.length > largestLabels ? 'null' : labels}`];
  return name === '' || Object.keys(sets).length === 0 ? [] : [namespaceFact(event, name, sets)];
}

/**
 * A version of one policy as `[name, generation, spec]`; without a spec it is gone, with `null` for one it cannot be read. `[]`
 * says that all policies of the namespace are gone, `[null]` that some are, and that nobody knows which.
 */
function policyVersion(event: AuditEvent): Merge[] {
  const { verb, allowed, dryRun, target } = event;
  if (!allowed || dryRun || target.namespace === '') return [];
  if (writes.has(verb)) {
    const spec = object(at(event.result, 'spec')) ?? null;
    const kept = spec !== null && JSON.stringify(spec).length > largestSpec ? null : spec;
    const generation = number(event.metadata?.['generation']) ?? 0;
    return [versionFact(event, [event.name, generation, kept]), clusterFact(event, clusterSets.watched, target.namespace)];
  }
  if (verb === 'delete') {
    // With finalizers the policy goes on, nobody knows for how long.
    const lingers = list(event.metadata?.['finalizers']).length > 0;
    return [versionFact(event, lingers ? [event.name, 0, null] : [event.name, 0])];
  }
  if (verb !== 'deletecollection') return [];
  return [versionFact(event, /[?&](?:label|field)Selector=/.test(event.uri) ? [null] : [])];
}

function versionFact(event: AuditEvent, version: readonly unknown[]): Merge {
  const position = positionOf(event);
  const sets = { [setNames.versions]: [`${position} ${JSON.stringify(version)}`], [setNames.noted]: [position] };
  return namespaceFact(event, event.target.namespace, sets);
}

function namespaceFact(event: AuditEvent, namespace: string, sets: Sets): Merge {
  return { key: namespaceKey(event.scope, namespace), sets, expires: event.time + keptDays * day, cap: mostVersions };
}

function clusterFact(event: AuditEvent, set: string, namespace: string): Merge {
  return { key: clusterKey(event.scope), sets: { [set]: [namespace] }, expires: event.time + keptDays * day, cap: mostNamespaces };
}

/** Sorts as (time, key): thirteen digits last until the year 2286. */
function positionOf(event: AuditEvent): string {
  return `${String(event.time).padStart(13, '0')} ${event.key}`;
}

/** What events in order tell that is not known: pipelines apply their policies anew all day without changing them. */
export function newPolicyFacts(events: readonly AuditEvent[], recall: (key: string) => StateItem | undefined): Merge[] {
  const held = new Map<string, StateItem>();
  return events.flatMap(policyFacts).filter((fact) => {
    const known = held.get(fact.key) ?? recall(fact.key);
    if (isKnown(fact, known)) return false;
    held.set(fact.key, joined(known, fact));
    return true;
  });
}

function isKnown({ sets }: Merge, known: StateItem | undefined): boolean {
  if (known === undefined) return false;
  return (
    Object.keys(sets).every((name) => name === setNames.versions || name === setNames.noted) &&
    versionsIn(sets[setNames.versions]).every((version) => {
      if (version.name === undefined) return false;
      const before = versionsIn(known.sets.get(setNames.versions)).filter(
        (other) => isOfSame(other, version) && other.member < version.member,
      );
      const latest = before.at(-1);
      return latest?.text === version.text && latest.time > version.time - refreshedDays * day;
    })
  );
}

function isOfSame(one: PolicyVersion, other: PolicyVersion): boolean {
  return one.name === undefined || one.name === other.name;
}

/** Versions that an item no longer needs at a time: those that had been replaced long before. */
export function surplusPolicies(item: StateItem, now: number): Removal | undefined {
  const past = now - pastDays * day;
  const born = Math.max(0, ...[...(item.sets.get(setNames.born) ?? [])].map(Number).filter((time) => time <= past));
  const versions = versionsIn(item.sets.get(setNames.versions));
  const replaced = versions.filter((version, position) => {
    if (version.time > past) return false;
    if (version.time < born || version.isEnd) return true;
    return versions.slice(position + 1).some((other) => other.time <= past && isOfSame(other, version) && !other.isPartial);
  });
  const labels = [...(item.sets.get(setNames.labels) ?? [])].sort().filter((member) => Number(member.slice(0, 13)) <= past);
  const births = [...(item.sets.get(setNames.born) ?? [])].filter((member) => Number(member) < born);
  const sets = {
    [setNames.versions]: replaced.map(({ member }) => member),
    [setNames.noted]: replaced.map(({ position }) => position),
    [setNames.labels]: labels.slice(0, -1),
    [setNames.born]: births,
  };
  return Object.values(sets).every((members) => members.length === 0) ? undefined : { key: item.key, sets };
}

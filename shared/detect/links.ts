import type { Scope } from '../model/base.ts';
import { isControlPlane } from '../model/actor.ts';
import type { ApiEvent } from '../model/api.ts';
import type { AuditEvent } from '../model/audit.ts';
import type { Actor, Entity } from '../model/entity.ts';
import type { Event } from '../model/event.ts';
import type { Severity } from '../model/finding.ts';
import type { Attribution, FlowEvent } from '../model/flow.ts';
import { at, list, text } from '../model/json.ts';
import { isClusterItself } from '../knowledge/exclusions.ts';
import { spawnerOf } from '../knowledge/spawner.ts';
import { signalLinks } from './signal-links.ts';

/**
 * What ties findings together. A link is its kind, a space and a name, all of it authenticated. `identity` is who acted, with
 * the session; `principal` a role, user or account whoever bears it, also where a grant names it; `namespace` where a policy
 * or an open door holds for all in it. The last two tie strangers together and serve only sequences that ask for them.
 */
export const linkKinds = ['identity', 'workload', 'pod', 'node', 'address', 'principal', 'namespace'] as const;

/** See {@link linkKinds}. */
export type LinkKind = (typeof linkKinds)[number];

/** Links that tie together what one actor or one thing did: findings of all kinds may meet on them. */
export const closeLinks: readonly LinkKind[] = ['identity', 'workload', 'pod', 'node', 'address'];

/** What a link stands for. */
export function linkedEntity(link: string): Entity & { readonly link: LinkKind } {
  const [word = '', ...rest] = link.split(' ');
  const kind = linkKinds.find((each) => each === word) ?? 'identity';
  const name = rest.join(' ');
  return { kind: kind === 'principal' ? 'identity' : kind, link: kind, id: name, name };
}

/** The space in which a link means the same: IAM and the internet are one, whichever cluster tells of them. */
export function spaceOf(link: string, { account, region, cluster }: Scope): readonly string[] {
  return /^(?:address |(?:identity|principal) arn:)/.test(link) ? [] : [account, region, cluster];
}

/** The link of a pod, given as `namespace/name`: by it findings of the audit log and of flow logs meet. */
export function podLink({ cluster }: Scope, pod: string): string {
  return `pod ${cluster}/${pod}`;
}

/** The links of what a roll-up or another system tells of: a node only where it is about the node itself. */
export function entityLinks(scope: Scope, { kind, id }: Pick<Entity, 'kind' | 'id'>): readonly string[] {
  if (kind === 'workload' || kind === 'pod' || kind === 'node') return [`${kind} ${inCluster(scope, id)}`];
  return kind === 'identity' ? [`identity ${id}`] : [];
}

function inCluster({ cluster }: Scope, path: string): string {
  return path.startsWith(`${cluster}/`) ? path : `${cluster}/${path}`;
}

/** What ties an event to others, given how grave the finding on it is. */
export function linksOf(event: Event, severity: Severity): readonly string[] {
  switch (event.source) {
    case 'audit':
      return [...new Set([...auditActor(event, severity), ...targetLinks(event), ...granteeLinks(event)])];
    case 'api':
      return [...new Set([...apiActor(event, severity), ...assumedBy(event)])];
    case 'authenticator':
    case 'flow':
    case 'intake':
    case 'signal':
    case 'coverage':
      return actorLinks(event, severity);
  }
}

/** What ties one of many events that were counted to others: who acted. Each acted on something else. */
export function actorLinks(event: Event, severity: Severity): readonly string[] {
  switch (event.source) {
    case 'audit':
      return auditActor(event, severity);
    case 'authenticator':
      return [`identity ${event.actor.id}`, `principal ${event.actor.id}`];
    case 'api':
      return apiActor(event, severity);
    case 'flow':
      return [...new Set(flowLinks(event))];
    case 'intake':
    case 'coverage':
      return [];
    case 'signal':
      return signalLinks(event);
  }
}

/**
 * The cluster and EKS act for everybody: what they do ties nothing together. So does what is only noted of somebody whose
 * duty is to deploy; what his duty does not explain was judged graver.
 */
function auditActor(event: AuditEvent, severity: Severity): readonly string[] {
  const { actor, scope, origin } = event;
  if (isClusterItself(event) || actor.type === 'eks' || actor.type === 'control-plane' || actor.type === 'aws-service') return [];
  if (actor.type === 'anonymous') return origin.address === '' ? [] : [`address ${origin.address}`];
  if (actor.type === 'node') return [`node ${inCluster(scope, actor.username.slice('system:node:'.length))}`];
  if (severity === 'low' && event.hasDuty('deployer')) return [];
  return [...identityLinks(actor), ...tokensPod(actor, scope)];
}

function apiActor(event: ApiEvent, severity: Severity): readonly string[] {
  const { actor } = event;
  if (actor.type === 'aws-service' || (severity === 'low' && event.hasDuty('deployer'))) return [];
  // The token of a service account, as the cluster signed it, was changed for the role's session.
  if (actor.username.startsWith(accountPrefix)) return [`identity ${actor.username}`];
  return identityLinks(actor);
}

const accountPrefix = 'system:serviceaccount:';

/** Accounts of kube-system work for all; a token of theirs that is bound to a pod is known by the pod. */
const hubAccounts = `${accountPrefix}kube-system:`;

function identityLinks(actor: Actor): readonly string[] {
  const { id, principal, username, session, type } = actor;
  if (type === 'service-account') {
    const hub = actor.pod !== undefined && id.startsWith(hubAccounts);
    return [...(hub ? [] : [`identity ${id}`]), `principal ${id}`];
  }
  const role = withoutPath(principal);
  const names = type === 'iam' && username !== '' && username !== principal ? [role, username] : [role];
  return [`identity ${type === 'iam' && session ? `${role}/${session}` : withoutPath(id)}`, ...names.map((name) => `principal ${name}`)];
}

/** A stolen token is used elsewhere; the pod that it is bound to is where it was stolen. */
function tokensPod({ username, pod }: Actor, scope: Scope): readonly string[] {
  const [namespace = ''] = username.slice(accountPrefix.length).split(':');
  return pod === undefined ? [] : [podLink(scope, `${namespace}/${pod.name}`)];
}

/** The cluster sees roles without their path, CloudTrail with it; names are unique whatever the path. Source: kubernetes-sigs/aws-iam-authenticator, `pkg/arn`. */
function withoutPath(arn: string): string {
  return arn.replace(/^(arn:aws[a-z-]*:iam::\d+:role\/)(?:[^ ]*?\/)?([^/ ]+)$/, '$1$2');
}

/** Plural names of what keeps pods, and the word that stands for each in the path of a workload. */
const workloads: Readonly<Record<string, string>> = {
  deployments: 'deployment',
  statefulsets: 'statefulset',
  daemonsets: 'daemonset',
  cronjobs: 'cronjob',
  jobs: 'job',
};

function targetLinks(event: AuditEvent): readonly string[] {
  const { scope, target, name } = event;
  const { resource, namespace } = target;
  const links: string[] = [];
  if (resource === 'pods' && name !== '') links.push(podLink(scope, `${namespace}/${name}`));
  const kind = Object.hasOwn(workloads, resource) ? workloads[resource] : undefined;
  if (kind !== undefined && name !== '') links.push(`workload ${scope.cluster}/${namespace}/${kind}/${name}`);
  if (resource === 'pods' && isControlPlane(event.actor)) {
    const spawner = spawnerOf(event);
    if (spawner.kind === 'workload') links.push(`workload ${inCluster(scope, spawner.id)}`);
  }
  if (namespace !== '') links.push(`namespace ${inCluster(scope, namespace)}`);
  return links;
}

/** Whom a binding names: what they were refused before, and what they do with it, belongs to it. */
function granteeLinks({ target, result }: Pick<AuditEvent, 'target' | 'result'>): readonly string[] {
  if (target.resource !== 'rolebindings' && target.resource !== 'clusterrolebindings') return [];
  return list(at(result, 'subjects'))
    .slice(0, mostGrantees)
    .flatMap((subject) => {
      const [kind, name, namespace] = ['kind', 'name', 'namespace'].map((field) => text(at(subject, field)));
      if (name === undefined || name === '' || name.length > longestName) return [];
      if (kind === 'ServiceAccount') return [`principal ${accountPrefix}${namespace ?? target.namespace}:${name}`];
      return kind === 'User' ? [`principal ${name}`] : [];
    });
}

const mostGrantees = 5;
const longestName = 2_048;

/** Whom a call lets in, or whose session it opens. */
function assumedBy({ service, parameters, response, error }: ApiEvent): readonly string[] {
  if (error !== '') return [];
  if (service === 'eks') {
    const principal = decoded(text(parameters['principalArn']) ?? '');
    return principal === '' ? [] : [`principal ${withoutPath(principal)}`];
  }
  const session = service === 'sts' ? assumedRole.exec(text(at(response, 'assumedRoleUser', 'arn')) ?? '') : null;
  return session === null ? [] : [`identity arn:${session[1] ?? ''}:iam::${session[2] ?? ''}:role/${session[3] ?? ''}`];
}

const assumedRole = /^arn:(aws[a-z-]*):sts::(\d+):assumed-role\/([^/ ]+\/[^/ ]+)$/;

/** Some calls to EKS carry the ARN in their path, and CloudTrail shows it as it was encoded. */
function decoded(arn: string): string {
  try {
    return decodeURIComponent(arn);
  } catch {
    return arn;
  }
}

/** The end that is ours and opened the connection; else ours that was reached. A node that speaks for its pods speaks for nobody. */
function flowLinks({ scope, from, to }: FlowEvent): readonly string[] {
  const side = from.basis === 'pod' ? from : to;
  // What a network policy of the called end's namespace let through.
  return [...sideLinks(scope, side), ...(to.basis === 'pod' ? [`namespace ${inCluster(scope, to.namespace)}`] : [])];
}

function sideLinks(scope: Scope, { basis, entity, namespace, pod }: Attribution): readonly string[] {
  if (basis !== 'pod') return [];
  const workload = entity.kind === 'workload' ? entityLinks(scope, entity) : [];
  return [podLink(scope, `${namespace}/${pod}`), ...workload, `namespace ${inCluster(scope, namespace)}`];
}

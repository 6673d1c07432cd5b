import type { Verdict } from '../detect/kit.ts';
import type { AuditEvent } from '../model/audit.ts';
import type { Severity } from '../model/finding.ts';
import { type JsonObject, at, list, number, object, text } from '../model/json.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import { isGarbageCollection } from './cluster-cleaners.ts';
import { isClusterItself } from './exclusions.ts';
import { type Guard, guardOf } from './guards.ts';
import { imageReference } from './image.ts';
import { callerText } from './origin.ts';
import { shorten, some } from './shorten.ts';

const workloads = ['deployments', 'daemonsets', 'statefulsets'];

/** Requests by which a guard is made and can be stopped. Pods are left out: their controllers make them again. */
export const guardWrites = {
  verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
  resources: [...workloads, 'deployments/scale', 'statefulsets/scale', 'serviceaccounts', 'clusterrolebindings', 'namespaces'],
};

/** Whether a request changes part of a guard, by names alone. */
export function touchesGuard(event: AuditEvent, task: Guard['task']): boolean {
  return !event.dryRun && (event.allowed || event.outcome === 'forbidden') && touched(event, task) !== undefined;
}

function touched({ target }: AuditEvent, task: Guard['task']): Guard | undefined {
  const { resource, namespace, name } = target;
  if (resource === 'namespaces') return name === '' ? undefined : guardOf(task, name, '');
  return guardOf(task, resource === 'clusterrolebindings' ? '' : namespace, name);
}

/** What stops a guard if it changes: where it may run, what it runs, whom it binds. */
export const guardVersions: Snapshot<AuditEvent> = snapshot({
  id: 'guard',
  key: ({ target }) => (target.subresource === '' && target.name !== '' ? [target.resource, target.namespace, target.name] : undefined),
  value: (event) => (event.allowed && !event.verb.startsWith('delete') ? versionOf(event) : undefined),
});

function versionOf(event: AuditEvent): JsonObject | undefined {
  if (event.target.resource === 'clusterrolebindings') return { subjects: list(event.result?.['subjects']).length };
  const { pod } = event;
  if (pod === undefined) return undefined;
  return {
    places: Object.entries(object(pod.raw['nodeSelector']) ?? {}).map(([key, value]) => `${key}=${text(value) ?? ''}`),
    affinity: JSON.stringify(at(pod.raw, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution') ?? ''),
    repositories: pod.containers.map(({ image }) => imageReference(image).repository),
    idle: pod.containers.some(({ command }) => isIdle(command[0])),
  };
}

/** A program that does nothing, in place of the agent's own. */
function isIdle(program: string | undefined): boolean {
  return program !== undefined && /(?:^|\/)(?:sleep|true|tail|cat|pause|(?:ba|da|a)?sh)$/.test(program);
}

/** Labels that nodes of EKS come with. Source: Kubernetes, "Well-Known Labels"; Amazon EKS and Karpenter documentation. */
const nodesOwnLabels = /^(?!kubernetes\.io\/hostname=)(?:[a-z.-]+\.)?(?:kubernetes\.io|k8s\.aws|karpenter\.sh|amazonaws\.com|k8s\.io)\//;

interface Harm {
  readonly severity: Severity;
  /** After "had". */
  readonly words: string;
  /** Nothing tells whether it was so before. */
  readonly unsure?: boolean;
}

/** How a request stopped or weakened a guard; absent where it did neither. */
function harmDone(event: AuditEvent, previous: JsonObject | undefined): Harm | undefined {
  const { resource, subresource } = event.target;
  const running = workloads.includes(resource);
  if (event.verb.startsWith('delete')) return { severity: running || resource === 'namespaces' ? 'high' : 'medium', words: 'deleted' };
  if (subresource === 'scale') return scaledTo(event) === 0 ? { severity: 'high', words: 'scaled to zero' } : undefined;
  if (running) return changeOfWorkload(event, previous);
  if (resource === 'clusterrolebindings' && event.result !== undefined && list(event.result['subjects']).length === 0)
    return number(previous?.['subjects']) === 0 ? undefined : { severity: 'medium', words: 'unbound' };
  return undefined;
}

/** A Scale leaves out replicas of none. Source: `k8s.io/api/autoscaling/v1`, `omitempty` of `ScaleSpec`. */
function scaledTo({ response, request }: AuditEvent): number | undefined {
  const answered = response?.['kind'] === 'Scale' ? object(response['spec']) : undefined;
  return answered === undefined ? number(at(request, 'spec', 'replicas')) : (number(answered['replicas']) ?? 0);
}

function changeOfWorkload(event: AuditEvent, previous: JsonObject | undefined): Harm | undefined {
  const now = versionOf(event);
  // A patch that was refused has no result: only what it asked for.
  const replicas = event.allowed ? at(event.result, 'spec', 'replicas') : at(event.request, 'spec', 'replicas');
  if (replicas === 0) return { severity: 'high', words: 'scaled to zero' };
  if (now === undefined) return undefined;
  const texts = (value: JsonObject | undefined, key: string): readonly string[] => list(value?.[key]) as readonly string[];
  const fences = texts(now, 'places').filter(
    (place) => !texts(previous, 'places').includes(place) && (previous !== undefined || !nodesOwnLabels.test(place)),
  );
  if (fences.length > 0) return { severity: 'high', words: `confined to nodes labelled ${some(fences)}`, unsure: previous === undefined };
  if (now['idle'] === true && previous?.['idle'] === false) return { severity: 'high', words: 'made to run a program that does nothing' };
  if (previous !== undefined && now['affinity'] !== '""' && now['affinity'] !== previous['affinity'])
    return { severity: 'medium', words: 'given other nodes to run on' };
  const strangers = texts(now, 'repositories').filter((repository) => !texts(previous, 'repositories').includes(repository));
  return previous === undefined || strangers.length === 0
    ? undefined
    : { severity: 'medium', words: `given an image from ${some(strangers)}` };
}

/** What to say about a guard that is stopped or weakened; absent where it is not. */
export function guardVerdict(event: AuditEvent, task: Guard['task'], previous: JsonObject | undefined): Verdict | undefined {
  const collector = isGarbageCollection(event);
  const guard = touched(event, task);
  if (guard === undefined || (isClusterItself(event) && !collector)) return undefined;
  const harm = event.verb === 'create' ? undefined : harmDone(event, previous);
  if (harm === undefined) return undefined;
  const { resource, namespace, name } = event.target;
  const planned = event.hasDuty('deployer') || event.hasDuty('administrator');
  // Who deploys agents replaces their images.
  if (planned && harm.words.startsWith('given')) return undefined;
  const what = `${name === '' ? `all ${resource}` : `${resource.replace(/s$/, '')} ${shorten(name)}`}${namespace === '' || resource === 'namespaces' ? '' : ` in namespace ${shorten(namespace)}`}`;
  const path = `${namespace}/${resource}/${name}`;
  return {
    entity: { kind: 'object', id: path, name: what },
    about: event.actor.id,
    summary: event.allowed
      ? `${callerText(event)} had ${what} ${harm.words}: part of ${guard.product}, a ${guard.task}.`
      : `${callerText(event)} was refused to have ${what} ${harm.words}: part of ${guard.product}, a ${guard.task}.`,
    severity: collector || planned || !event.allowed ? 'low' : harm.severity,
    ...(harm.unsure === true ? { confidence: 'low' as const } : {}),
  };
}

import { isControlPlane } from '../model/actor.ts';
import type { AuditEvent } from '../model/audit.ts';
import { at, number } from '../model/json.ts';
import { type SeenSet, seenSet } from '../state/seen-set.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import { isEksItself } from './exclusions.ts';
import { deployerOf } from './pod-changes.ts';

const scaled = ['deployments', 'statefulsets', 'replicasets', 'replicationcontrollers'];

/** Writes that can change how many pods a workload has. */
export const scaleWrites = {
  verbs: ['create', 'update', 'patch'],
  resources: [...scaled, ...scaled.map((resource) => `${resource}/scale`), 'horizontalpodautoscalers'],
};

/** Whether an event may set a number of pods. ReplicaSets that controllers keep follow their Deployment. */
export function mayScale(event: AuditEvent): boolean {
  const { resource, subresource } = event.target;
  if (!event.allowed || (subresource !== '' && subresource !== 'scale')) return false;
  return resource !== 'replicasets' || !isControlPlane(event.actor);
}

/** How many pods a workload is to have, or may have at most by its autoscaler. */
function replicasOf(event: AuditEvent): number | undefined {
  const field = event.target.resource === 'horizontalpodautoscalers' ? 'maxReplicas' : 'replicas';
  return number(at(event.result, 'spec', field));
}

/** The newest numbers of every workload, by whomever they were set. */
export const knownReplicas: Snapshot<AuditEvent> = snapshot({
  id: 'replicas',
  key: ({ target, name }) => (name === '' ? undefined : [target.resource, target.namespace, name]),
  value: (event) => {
    const replicas = event.dryRun ? undefined : replicasOf(event);
    return replicas === undefined ? undefined : { replicas };
  },
});

/** Growth that people notice. */
const factor = 5;
/** Numbers below which growth costs little. */
const few = 30;

/** What somebody did to the number of pods of a workload. */
export interface Scaling {
  readonly before: number;
  readonly now: number;
  readonly what: 'nothing' | 'many';
}

/** What a person or program did to the number of pods: nothing worth telling where the cluster or EKS scales by itself, or by little. */
export function scalingOf(event: AuditEvent, previous: { readonly replicas?: unknown } | undefined): Scaling | undefined {
  if (isControlPlane(event.actor)) return undefined;
  const before = number(previous?.replicas);
  const now = replicasOf(event);
  if (before === undefined || now === undefined) return undefined;
  const multiplied = now >= few && now >= factor * Math.max(1, before);
  if (!multiplied && !(now === 0 && before > 0)) return undefined;
  return event.dryRun || isEksItself(event) ? undefined : { before, now, what: multiplied ? 'many' : 'nothing' };
}

/** Who stops or multiplies workloads in a namespace: an event alone tells the number, not how it came about. */
export const scalers: SeenSet<AuditEvent> = seenSet({
  id: 'scalers',
  key: () => [],
  member: (event) => {
    const replicas = isControlPlane(event.actor) ? undefined : replicasOf(event);
    const deed = replicas === 0 ? 'nothing' : replicas !== undefined && replicas >= few ? 'many' : undefined;
    return deed === undefined ? 'others' : scalerOf(event, deed);
  },
  days: 60,
  warmUpDays: 3,
});

/** A caller who stops or multiplies workloads of a namespace, as a habit. */
export function scalerOf({ actor, target }: AuditEvent, deed: 'nothing' | 'many'): string {
  return `${deed} ${deployerOf(actor)} ${target.namespace}`;
}

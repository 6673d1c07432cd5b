import type { AuditEvent } from '../model/audit.ts';
import { isControlPlane } from '../model/actor.ts';
import type { Entity } from '../model/entity.ts';
import { peersOf } from './peers.ts';
import { at, list, text } from '../model/json.ts';

/**
 * Who really makes a pod: the caller, unless it is a controller of the cluster, in which case the workload that owns
 * the pod. Only a controller's word about owners is taken: anybody else could name an owner and hide behind it.
 */
export function spawnerOf(event: AuditEvent): Entity {
  if (!isControlPlane(event.actor)) return event.actor;
  const { metadata } = event;
  const owner = list(metadata?.['ownerReferences']).find((reference) => at(reference, 'controller') === true);
  const kind = text(at(owner, 'kind'));
  const name = text(at(owner, 'name'));
  if (kind === undefined || name === undefined) return event.actor;
  const path = `${event.target.namespace}/${kind.toLowerCase()}/${withoutGeneratedSuffix(kind, name)}`;
  return { kind: 'workload', id: path, name: path };
}

/** The spawners whose habits speak for one that has none yet: workloads of its namespace, or callers of its kind. */
export function spawnersPeers(event: AuditEvent): string {
  return spawnerOf(event) === event.actor ? peersOf(event) : `workloads of ${event.target.namespace}`;
}

/** ReplicaSets end in a template hash and CronJobs' Jobs in a time: without it, all rounds of one workload are one spawner. */
export function withoutGeneratedSuffix(kind: string, name: string): string {
  if (kind === 'ReplicaSet') return name.replace(/-[a-z0-9]{8,10}$/, '');
  return kind === 'Job' ? name.replace(/-\d{8,10}$/, '') : name;
}

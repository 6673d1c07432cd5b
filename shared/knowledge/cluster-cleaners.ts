import { isControlPlane } from '../model/actor.ts';
import type { AuditEvent } from '../model/audit.ts';

/** The cluster empties a namespace that somebody deleted: that somebody is on another event. */
export function isNamespaceCleanup({ actor }: AuditEvent): boolean {
  return isControlPlane(actor) && actor.id === 'system:serviceaccount:kube-system:namespace-controller';
}

/** The cluster deletes what lost its owner. An adversary can give an object an owner that does not exist. */
export function isGarbageCollection({ actor }: AuditEvent): boolean {
  return isControlPlane(actor) && actor.id === 'system:serviceaccount:kube-system:generic-garbage-collector';
}

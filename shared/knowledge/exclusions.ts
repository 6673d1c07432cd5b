import { type SeenSet, type SeenView, seenSet } from '../state/seen-set.ts';
import { isControlPlane } from '../model/actor.ts';
import type { AuditEvent } from '../model/audit.ts';
import type { Actor } from '../model/entity.ts';

/*
 * Who is left out of detections, and on what authority. Every set rests on what the API server authenticated: uid,
 * canonical ARN, groups, session. None rests on a user agent, and none on a name that somebody could take.
 */

/** EC2 instance ids: the session name of a node's role is its instance. Source: Amazon EC2 user guide, "Instance metadata". */
const instance = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/**
 * A node by what the IAM authenticator proved: a role's session, named after an instance, that the cluster calls a node.
 * Nodes of Fargate and hybrid nodes are called by their session itself. Whoever may assume a node role can choose the
 * session's name, so where it matters the role must be known as well. Source: Amazon EKS API reference, access entry types.
 */
export function isNodeSession(actor: Actor): boolean {
  if (actor.type !== 'node' || actor.account === undefined || !actor.groups.includes('system:nodes')) return false;
  const session = actor.session ?? '';
  return instance.test(session) || (session !== '' && actor.username === `system:node:${session}`);
}

/** Roles whose sessions are nodes: learnt from nodes at work. */
export const nodeRoles: SeenSet<AuditEvent> = seenSet({
  id: 'node-roles',
  key: ({ actor }) => (isNodeSession(actor) ? [] : undefined),
  member: ({ actor }) => actor.principal,
  days: 90,
  warmUpDays: 1,
});

/** A node of a role that nodes of this cluster have; while the roles are being learnt, any node session. */
export function isKnownNode({ actor }: AuditEvent, roles: SeenView): boolean {
  return isNodeSession(actor) && (roles.learning || roles.has(actor.principal));
}

/**
 * Roles that only AWS can make: service-linked ones. A canonical ARN has lost the path of its role; a role's name is
 * unique whatever its path, so where EKS has made the role nobody can make its namesake. Sources: IAM user guide,
 * "Service-linked roles"; kubernetes-sigs/aws-iam-authenticator, `pkg/arn`.
 */
const serviceLinked =
  /^arn:aws[a-z-]*:iam::\d{12}:role\/(?:aws-service-role\/eks[a-z-]*\.amazonaws\.com\/|AWSServiceRoleForAmazonEKS(?:Nodegroup|ForFargate)?$)/;

/** Whether a role is one that EKS alone can make and take. */
export function isServiceLinkedRole(principal: string): boolean {
  return serviceLinked.test(principal);
}

/** Roles of EKS's own account. Source: exclusions of published detection rules for EKS. */
const eksOwn = /^arn:aws[a-z-]*:iam::\d{12}:role\/AWSWesleyClusterManagerLambda/;

/**
 * EKS managing the cluster: an `eks:` name with a role that customers cannot make. A role of that name in the cluster's
 * own account is not EKS's, and where the cluster's account is not known, nobody can tell them apart.
 */
export function isEksItself({ actor, scope }: AuditEvent): boolean {
  if (!actor.username.startsWith('eks:') || actor.account === undefined) return false;
  return isServiceLinkedRole(actor.principal) || (scope.account !== '' && eksOwn.test(actor.principal) && actor.account !== scope.account);
}

/** The cluster and EKS at their own work. */
export function isClusterItself(event: AuditEvent): boolean {
  return isControlPlane(event.actor) || isEksItself(event);
}

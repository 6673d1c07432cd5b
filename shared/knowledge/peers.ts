import type { AuthenticatorEvent } from '../model/authenticator.ts';
import type { AuditEvent } from '../model/audit.ts';
import type { ActorKind } from '../model/entity.ts';

/** Kinds of caller that behave alike: programs do the same every day, people do not. */
const groups: Readonly<Record<ActorKind, string>> = {
  iam: 'IAM principals',
  certificate: 'holders of certificates',
  'service-account': 'service accounts',
  node: 'nodes',
  eks: "EKS's components",
  'control-plane': 'the control plane',
  anonymous: 'nobody',
  'aws-service': 'AWS services',
};

/**
 * The group of callers whose habits speak for one that has none yet. A role or namespace would be none: its first caller
 * would be all of it, and what it does would count as its own habit and again as its group's.
 */
export function peersOf({ actor }: AuditEvent | AuthenticatorEvent): string {
  return groups[actor.type];
}

import type { Actor } from '../model/entity.ts';

/** Names that the cluster, EKS or an administrator goes by, and what they are. */
const names: readonly (readonly [RegExp, string])[] = [
  [/^system:serviceaccount:kube-system:/, 'a service account of kube-system'],
  [/^system:node:/, 'a node'],
  [/^system:(?!serviceaccount:|anonymous$|unauthenticated$)/, 'a component of the cluster'],
  [/^eks:/, 'a component of EKS'],
  [/^(?:kubernetes-(?:super-)?|cluster-)?admin$/, 'an administrator'],
];

/** Groups that are more than their name. Source: Kubernetes, "Using RBAC Authorization", default roles and bindings. */
const groups: readonly (readonly [RegExp, string])[] = [
  [/^system:masters$/, 'a member of system:masters, whom no rule limits'],
  [/^system:(?:nodes|bootstrappers|node-proxier)$/, 'a member of the group of nodes'],
  [/^system:kube-/, 'a member of a group of the control plane'],
];

/** What is privileged about an identity that somebody takes on, in words; absent where nothing is. */
export function privilegeOf({ username, groups: own }: Actor): string | undefined {
  const byGroup = groups.find(([pattern]) => own.some((group) => pattern.test(group)));
  return (byGroup ?? names.find(([pattern]) => pattern.test(username)))?.[1];
}

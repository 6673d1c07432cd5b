import type { Actor, ActorKind } from '../model/entity.ts';
import type { Attribution } from '../model/flow.ts';

/*
 * The group that a young counter borrows its habits from. What a group rests on was authenticated, or stands in the cluster's own
 * objects: nobody chooses another group by a user agent, a label or an annotation.
 */

/** Kinds of caller that behave alike: programs do the same every day, people do not. */
const groups: Readonly<Record<ActorKind, string>> = {
  iam: 'people',
  certificate: 'holders of certificates',
  'service-account': 'service accounts',
  node: 'nodes',
  eks: "EKS's components",
  'control-plane': 'the control plane',
  anonymous: 'nobody',
  'aws-service': 'AWS services',
};

/** What tells of a caller: who it is, and what the operator says it is there for. */
interface Call {
  readonly actor: Actor;
  readonly hasDuty?: (duty: 'deployer') => boolean;
}

/** The callers whose habits speak for one that has none yet: service accounts of its namespace, pipelines, people, nodes. */
export function peersOf(call: Call): string {
  const { actor } = call;
  if (actor.type === 'service-account') return `service accounts of ${actor.username.split(':')[2] ?? ''}`;
  return actor.type === 'iam' && call.hasDuty?.('deployer') === true ? 'pipelines' : groups[actor.type];
}

/** The senders whose habits speak for one that has none yet: workloads of its namespace, nodes, addresses. */
export function neighboursOf({ basis, namespace }: Pick<Attribution, 'entity' | 'basis' | 'namespace'>): string {
  return basis === 'pod' ? `workloads of ${namespace}` : basis;
}

import type { ApiEvent } from '../../model/api.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { at, text } from '../../model/json.ts';
import type { Whereabouts } from '../../model/whereabouts.ts';
import type { EntityGraph } from './graph.ts';

/** Where the credential of a call belongs. Nothing where the graph does not know the pod or node. */
export function whereaboutsOf(event: AuditEvent | ApiEvent, graph: EntityGraph): Whereabouts | undefined {
  const home = event.source === 'audit' ? homeOfCaller(event, graph) : homeOfPodIdentity(event, graph);
  return home && { ...home, holder: graph.holderOf(event.origin.address, event.time) };
}

type Home = Omit<Whereabouts, 'holder'>;

function homeOfCaller({ actor }: AuditEvent, graph: EntityGraph): Home | undefined {
  if (actor.pod !== undefined) return graph.homeOfPod(actor.pod.uid);
  return actor.type === 'node' ? graph.homeOfNode(actor.username.slice('system:node:'.length)) : undefined;
}

/**
 * The pod that EKS gives credentials to, through the agent on its node. Sessions are named `eks-CLUSTER-POD-UUID`, cut to
 * their length. Source: Amazon EKS user guide, "Learn how EKS Pod Identity grants pods access to AWS services".
 */
function homeOfPodIdentity({ response }: ApiEvent, graph: EntityGraph): Home | undefined {
  const namespace = text(at(response, 'subject', 'namespace'));
  const session = text(at(response, 'assumedRoleUser', 'arn'))
    ?.split('/')
    .at(-1);
  return namespace === undefined || session === undefined ? undefined : graph.homeOfSession(namespace, session);
}

import { api } from '../../detect/kit.ts';
import type { ApiEvent } from '../../model/api.ts';
import { text } from '../../model/json.ts';

/** The action and what it names: each access entry that is looked at counts. */
const question = ({ action, parameters }: ApiEvent): string => `${action} ${text(parameters['principalArn']) ?? ''}`;

/** Somebody asks EKS all there is to know about a cluster. Strategy: ./ADS.md */
export const controlPlaneExplored = api.threshold({
  id: 'control-plane-explored',
  title: 'Cluster explored through the EKS API',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1580', 'T1613'],
  rows: ['D027'],
  next: 'Ask whoever the session belongs to; if nobody explored the cluster, revoke the session and look for access entries it made.',
  reads: [
    'eks:ListClusters',
    'eks:DescribeCluster',
    'eks:ListAccessEntries',
    'eks:DescribeAccessEntry',
    'eks:ListAssociatedAccessPolicies',
    'eks:ListPodIdentityAssociations',
    'eks:ListAddons',
    'eks:ListNodegroups',
  ],
  when: (event: ApiEvent) =>
    event.invokedBy === '' &&
    event.actor.type === 'iam' &&
    !(['deployer', 'scanner', 'administrator'] as const).some((duty) => event.hasDuty(duty)),
  count: { by: ({ actor }) => [actor.principal], member: question, minutes: 15 },
  limit: { ceiling: 6 },
  judge: (event, { count, limit, minutes, baseline }) => ({
    entity: event.actor,
    about: event.cluster,
    summary:
      `${event.actor.name} from ${event.origin.address} put ${String(count)} different questions to EKS about ` +
      `${event.cluster === '' ? 'its clusters' : `cluster ${event.cluster}`} in ${String(minutes)} minutes, where ${String(limit)} is the limit.`,
    baseline,
  }),
});

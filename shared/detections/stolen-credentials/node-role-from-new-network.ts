import { api, seenSet } from '../../detect/kit.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';

/** EC2 names a session of an instance's role after the instance. Source: Amazon EC2 user guide, "Retrieve security credentials". */
const isInstance = ({ actor }: ApiEvent): boolean => /^i-[0-9a-f]{8,17}$/.test(actor.session ?? '');
const network = ({ origin }: ApiEvent): string => origin.network;
const deed = ({ service, action }: ApiEvent): string => `${service}:${action}`;

/** The credentials of a node's role are used from where none of its nodes ever called, or for what none ever did. Strategy: ./ADS.md */
export const nodeRoleFromNewNetwork = api.detection({
  id: 'node-role-from-new-network',
  title: 'Credentials of an instance’s role used elsewhere or for something new',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1552.005', 'T1078.004'],
  rows: ['D026'],
  next: 'Revoke the sessions of the role, replace the instance, and let pods reach its metadata service no more (IMDSv2, hop limit 1).',
  reads: [
    ...['eks-auth:AssumeRoleForPodIdentity', 'eks:AccessKubernetesApi', 'eks:ListClusters', 'eks:DescribeCluster', 'eks:ListAccessEntries'],
    ...['eks:CreateAccessEntry', 'eks:AssociateAccessPolicy', 'eks:UpdateClusterConfig', 'sts:AssumeRoleWithWebIdentity'],
    ...['logs:DeleteLogGroup', 'logs:DeleteSubscriptionFilter', 'ec2:DeleteFlowLogs', 'ec2:AuthorizeSecurityGroupIngress'],
  ],
  when: (event: ApiEvent) => isInstance(event) && event.invokedBy === '',
  memory: {
    networks: seenSet({
      id: 'instance-role-networks',
      key: ({ actor }: ApiEvent) => [actor.principal],
      member: network,
      days: 60,
      warmUpDays: 3,
    }),
    deeds: seenSet({ id: 'instance-role-deeds', key: ({ actor }: ApiEvent) => [actor.principal], member: deed, days: 60, warmUpDays: 3 }),
  },
  judge: (event, { networks, deeds }) => {
    const { actor, origin } = event;
    const isElsewhere = !networks.learning && !networks.has(network(event));
    const isNew = !deeds.learning && !deeds.has(deed(event));
    if (!isElsewhere && !isNew) return undefined;
    const age = Math.min(networks.age, 60);
    const why = isElsewhere
      ? `in ${String(age)} days no instance of this role called from ${network(event)}`
      : `in ${String(age)} days no instance of this role did that`;
    return {
      entity: actor,
      about: isElsewhere ? network(event) : deed(event),
      summary: `${actor.name} called ${deed(event)} from ${shorten(origin.address)}: ${why}.`,
      baseline: {
        'known networks': networks.size,
        'such as': networks.some(5).join(', '),
        'known calls': deeds.size,
        'known for days': age,
      },
      // A new subnet or gateway is a new network too; the internet is not.
      severity: isElsewhere ? (origin.reach === 'public' ? 'high' : 'medium') : 'low',
      confidence: isElsewhere && origin.reach === 'public' ? 'medium' : 'low',
    };
  },
});

import { api, seenSet } from '../../detect/kit.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';

const network = ({ origin }: ApiEvent): string => origin.network;

/** Somebody asks AWS about a cluster, or changes it, from a network it never called from. Strategy: ./ADS.md */
export const clusterCallFromNewNetwork = api.detection({
  id: 'cluster-call-from-new-network',
  title: 'AWS asked about a cluster from a network new to the caller',
  severity: 'low',
  confidence: 'low',
  attack: ['T1078.004'],
  rows: ['D011', 'D159'],
  next: 'Ask the person, by another channel than this account, whether they called from there; name the range in the configuration if it is an office.',
  reads: [
    ...['eks:ListClusters', 'eks:DescribeCluster', 'eks:ListAccessEntries', 'eks:DescribeAccessEntry', 'eks:AccessKubernetesApi'],
    ...['eks:CreateAccessEntry', 'eks:UpdateAccessEntry', 'eks:AssociateAccessPolicy', 'eks:UpdateClusterConfig'],
  ],
  when: ({ actor, origin, invokedBy }: ApiEvent) => actor.type === 'iam' && invokedBy === '' && origin.reach !== 'unknown',
  memory: {
    own: seenSet({
      id: 'cluster-call-networks',
      key: ({ actor }: ApiEvent) => [actor.principal],
      member: network,
      days: 60,
      warmUpDays: 3,
    }),
    everyone: seenSet({ id: 'cluster-call-networks-at-all', key: () => [], member: network, days: 60, warmUpDays: 3 }),
  },
  judge: (event, { own, everyone }) => {
    const { actor, origin, service, action } = event;
    const elder = own.learning ? everyone : own;
    if (elder.learning || elder.has(network(event))) return undefined;
    const strange = !everyone.has(network(event));
    const age = Math.min(elder.age, 60);
    return {
      entity: actor,
      about: network(event),
      summary: `${actor.name} called ${service}:${action} from ${shorten(origin.address)}; in ${String(age)} days ${own.learning ? 'nobody' : 'it never'} called from ${network(event)}${strange ? '' : ', though others did'}.`,
      baseline: { 'known networks': elder.size, 'such as': elder.some(5).join(', '), 'known for days': age },
    };
  },
});

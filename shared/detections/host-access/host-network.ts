import { audit } from '../../detect/kit.ts';
import { isAwsNodeAgent } from '../../knowledge/node-agents.ts';
import { declaresContainers, podWrites, templates } from '../../knowledge/pod-changes.ts';
import { traitVerdict } from '../../knowledge/trait-verdict.ts';

/** A container shares the network of its node, past NetworkPolicies and the hop limit of the metadata service. Strategy: ./ADS.md */
export const hostNetwork = audit.detection({
  id: 'host-network',
  title: 'Container in the network of its node',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1611', 'T1552.005', 'T1557'],
  rows: ['D072'],
  next: 'Check in CloudTrail whether the node role was used from the node for anything new since the pod started, and delete the pod if nobody can explain it.',
  reads: podWrites,
  memory: { template: templates },
  when: (event) => declaresContainers(event) && !isAwsNodeAgent(event),
  judge: (event, { template }) => traitVerdict(event, 'host-network', template.previous),
});

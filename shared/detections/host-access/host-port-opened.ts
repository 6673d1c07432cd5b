import { audit } from '../../detect/kit.ts';
import { isAwsNodeAgent } from '../../knowledge/node-agents.ts';
import { declaresContainers, podWrites, templates } from '../../knowledge/pod-changes.ts';
import { traitVerdict } from '../../knowledge/trait-verdict.ts';

/** A container takes a port of its node, past Services, load balancers and their logs. Strategy: ./ADS.md */
export const hostPortOpened = audit.detection({
  id: 'host-port-opened',
  title: 'Port of the node opened into a container',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1133', 'T1571'],
  rows: ['D076'],
  next: 'Check who can reach that port of the nodes, and search the flow log for connections to it since.',
  reads: podWrites,
  memory: { template: templates },
  when: (event) => declaresContainers(event) && !isAwsNodeAgent(event),
  judge: (event, { template }) => traitVerdict(event, 'host-port', template.previous),
});

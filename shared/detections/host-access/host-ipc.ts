import { audit } from '../../detect/kit.ts';
import { isAwsNodeAgent } from '../../knowledge/node-agents.ts';
import { declaresContainers, podWrites, templates } from '../../knowledge/pod-changes.ts';
import { traitVerdict } from '../../knowledge/trait-verdict.ts';

/** A container shares the inter-process communication of its node. Strategy: ./ADS.md */
export const hostIpc = audit.detection({
  id: 'host-ipc',
  title: 'Container with the shared memory of its node',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1611'],
  rows: ['D074'],
  next: 'Find out which process of the node the container shares memory with; delete the workload if nobody can explain it.',
  reads: podWrites,
  memory: { template: templates },
  when: (event) => declaresContainers(event) && !isAwsNodeAgent(event),
  judge: (event, { template }) => traitVerdict(event, 'host-ipc', template.previous),
});

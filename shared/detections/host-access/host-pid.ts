import { audit } from '../../detect/kit.ts';
import { isAwsNodeAgent } from '../../knowledge/node-agents.ts';
import { declaresContainers, podWrites, templates } from '../../knowledge/pod-changes.ts';
import { traitVerdict } from '../../knowledge/trait-verdict.ts';

/** A container sees the processes of its node with their arguments and, as root, their environment. Strategy: ./ADS.md */
export const hostPid = audit.detection({
  id: 'host-pid',
  title: 'Container among the processes of its node',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1611', 'T1057', 'T1003'],
  rows: ['D073'],
  next: 'Find out who needs to see the processes of the node; if nobody does, delete the workload and rotate the credentials of every pod on its nodes.',
  reads: podWrites,
  memory: { template: templates },
  when: (event) => declaresContainers(event) && !isAwsNodeAgent(event),
  judge: (event, { template }) => traitVerdict(event, 'host-pid', template.previous),
});

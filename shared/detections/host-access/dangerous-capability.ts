import { audit } from '../../detect/kit.ts';
import { isAwsNodeAgent } from '../../knowledge/node-agents.ts';
import { declaresContainers, podWrites, templates } from '../../knowledge/pod-changes.ts';
import { traitVerdict } from '../../knowledge/trait-verdict.ts';

/** A container is given a Linux capability beyond those that the runtime gives to all. Strategy: ./ADS.md */
export const dangerousCapability = audit.detection({
  id: 'dangerous-capability',
  title: 'Container with a capability that reaches beyond it',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1611', 'T1068'],
  rows: ['D069'],
  next: 'Ask the caller what the container needs the capability for; if nobody can say, delete the workload and replace the nodes it ran on.',
  reads: podWrites,
  memory: { template: templates },
  when: (event) => declaresContainers(event) && !isAwsNodeAgent(event),
  judge: (event, { template }) => traitVerdict(event, 'capability', template.previous),
});

import { audit } from '../../detect/kit.ts';
import { isAwsNodeAgent } from '../../knowledge/node-agents.ts';
import { declaresContainers, podWrites, templates } from '../../knowledge/pod-changes.ts';
import { traitVerdict } from '../../knowledge/trait-verdict.ts';

/** A container is started privileged, which is root on the node but for the name. Strategy: ./ADS.md */
export const privilegedContainer = audit.detection({
  id: 'privileged-container',
  title: 'Container with all rights of root on its node',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1611', 'T1610'],
  rows: ['D068'],
  next: 'Ask the caller whether this container needs the node; if not, delete the workload and cordon and replace every node it ran on.',
  reads: podWrites,
  memory: { template: templates },
  when: (event) => declaresContainers(event) && !isAwsNodeAgent(event),
  judge: (event, { template }) => traitVerdict(event, 'privileged', template.previous),
});

import { audit } from '../../detect/kit.ts';
import { isAwsNodeAgent } from '../../knowledge/node-agents.ts';
import { declaresContainers, podWrites, templates } from '../../knowledge/pod-changes.ts';
import { traitVerdict } from '../../knowledge/trait-verdict.ts';

/** A container mounts a directory of its node that holds credentials, programs or devices. Strategy: ./ADS.md */
export const hostPathMounted = audit.detection({
  id: 'host-path-mounted',
  title: 'Sensitive directory of the node mounted into a container',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1611', 'T1610', 'T1552.001'],
  rows: ['D070'],
  next: 'Find out what the container read or wrote below the path; if nobody can explain it, delete the workload and replace its nodes.',
  reads: podWrites,
  memory: { template: templates },
  when: (event) => declaresContainers(event) && !isAwsNodeAgent(event),
  judge: (event, { template }) => traitVerdict(event, 'host-path', template.previous),
});

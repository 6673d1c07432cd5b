import { audit } from '../../detect/kit.ts';
import { isAwsNodeAgent } from '../../knowledge/node-agents.ts';
import { declaresContainers, podWrites, templates } from '../../knowledge/pod-changes.ts';
import { traitVerdict } from '../../knowledge/trait-verdict.ts';

/** A container mounts the socket of the container runtime and can start containers that Kubernetes never sees. Strategy: ./ADS.md */
export const runtimeSocketMounted = audit.detection({
  id: 'runtime-socket-mounted',
  title: 'Socket of the container runtime mounted into a container',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1611', 'T1610'],
  rows: ['D071'],
  next: 'Delete the workload and compare the containers on its nodes with the pods Kubernetes knows there: the socket starts containers that no audit log shows.',
  reads: podWrites,
  memory: { template: templates },
  when: (event) => declaresContainers(event) && !isAwsNodeAgent(event),
  judge: (event, { template }) => traitVerdict(event, 'runtime-socket', template.previous),
});

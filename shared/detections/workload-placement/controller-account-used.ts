import { audit } from '../../detect/kit.ts';
import { declaresContainers, podWrites, templates } from '../../knowledge/pod-changes.ts';
import { traitVerdict } from '../../knowledge/trait-verdict.ts';

/** A pod is declared with the service account of a controller of the control plane. Strategy: ./ADS.md */
export const controllerAccountUsed = audit.detection({
  id: 'controller-account-used',
  title: 'Pod with the rights of a control-plane controller',
  severity: 'high',
  confidence: 'high',
  attack: ['T1078', 'T1098.006', 'T1610'],
  rows: ['D078'],
  next: 'Delete the workload and its pods so that their tokens die, and search the audit log for what that service account did from an address of a pod.',
  reads: podWrites,
  memory: { template: templates },
  when: (event) => event.target.namespace === 'kube-system' && declaresContainers(event),
  judge: (event, { template }) => traitVerdict(event, 'controller-account', template.previous),
});

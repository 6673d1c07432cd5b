import { audit } from '../../detect/kit.ts';
import { declaresContainers, podWrites, templates } from '../../knowledge/pod-changes.ts';
import { traitVerdict } from '../../knowledge/trait-verdict.ts';

/** A workload runs an image that is known for attacking or mining. Strategy: ./ADS.md */
export const offensiveImageDeployed = audit.detection({
  id: 'offensive-image-deployed',
  title: 'Image of an attack tool or miner deployed',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1204.003', 'T1610', 'T1496.001'],
  rows: ['D055'],
  next: 'Delete the workload, revoke the caller, and search the flow log for what its pods reached while they ran.',
  reads: podWrites,
  memory: { template: templates },
  when: declaresContainers,
  judge: (event, { template }) => traitVerdict(event, 'offensive-image', template.previous, 'scanner'),
});

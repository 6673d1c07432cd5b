import { audit } from '../../detect/kit.ts';
import { declaresContainers, podWrites, templates } from '../../knowledge/pod-changes.ts';
import { traitVerdict } from '../../knowledge/trait-verdict.ts';

/** A workload starts with a command for attacking, or has the kubelet run one as hook or probe. Strategy: ./ADS.md */
export const offensiveCommandDeclared = audit.detection({
  id: 'offensive-command-declared',
  title: 'Workload declared with a command for attacking',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1610', 'T1609', 'T1059.004', 'T1105', 'T1552.001', 'T1552.005'],
  rows: ['D055'],
  next: 'Read the whole command in the workload, delete the workload if nobody can explain it, and rotate the credentials its pods could reach.',
  reads: podWrites,
  memory: { template: templates },
  when: declaresContainers,
  judge: (event, { template }) => traitVerdict(event, 'offensive-command', template.previous, 'scanner'),
});

import { audit } from '../../detect/kit.ts';
import { declaresContainers, podWrites, templates } from '../../knowledge/pod-changes.ts';
import { traitVerdict } from '../../knowledge/trait-verdict.ts';

/** A password, key or token stands in a pod's environment, arguments or annotations. Strategy: ./ADS.md */
export const credentialsInWorkload = audit.detection({
  id: 'credentials-in-workload',
  title: 'Credentials readable in the declaration of a workload',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1552.001'],
  rows: ['D112'],
  next: 'Revoke the credential and hand a new one to the workload through a Secret: whoever may read the workload or its log has the old one.',
  reads: podWrites,
  memory: { template: templates },
  when: declaresContainers,
  judge: (event, { template }) => {
    const verdict = traitVerdict(event, 'credential', template.previous, 'deployer');
    // How sure it is that a text is a secret does not depend on what the previous version held.
    return verdict && { ...verdict, confidence: 'medium' };
  },
});

import { api } from '../../detect/kit.ts';
import { accessWeight, isForeign } from '../../knowledge/access-calls.ts';
import { deedText } from '../../knowledge/monitoring.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { Severity } from '../../model/finding.ts';
import { at, text } from '../../model/json.ts';

const deeds = {
  CreatePodIdentityAssociation: ['set', 'set'],
  UpdatePodIdentityAssociation: ['changed', 'change'],
  DeletePodIdentityAssociation: ['removed', 'remove'],
} as const;

/** The pods of a service account get another IAM role through EKS Pod Identity, which leaves no object in the cluster. Strategy: ./ADS.md */
export const podIdentityChanged = api.detection({
  id: 'pod-identity-changed',
  title: 'IAM role of a workload changed through Pod Identity',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1098.003', 'T1098.006'],
  rows: ['D098'],
  next: 'Ask the owner of the workload which role it should have, and list what the role did in CloudTrail since.',
  reads: ['eks:CreatePodIdentityAssociation', 'eks:UpdatePodIdentityAssociation', 'eks:DeletePodIdentityAssociation'],
  judge: (event) => {
    // Changes and deletions name the association; only the answer says whose it is.
    const field = (name: string): string => text(event.parameters[name]) ?? text(at(event.response, 'association', name)) ?? '';
    const [role, target] = [field('roleArn'), field('targetRoleArn')];
    const account = [field('namespace'), field('serviceAccount')].filter(Boolean).join('/') || `association ${field('associationId')}`;
    const foreign = isForeign(role, event) || isForeign(target, event);
    const deleted = event.action === 'DeletePodIdentityAssociation';
    const severity: Severity = deleted ? 'low' : foreign || isGuardedNamespace(field('namespace')) ? 'high' : 'medium';
    const by = target === '' ? '' : `, and through it ${shorten(target)}`;
    const now = `its pods act as ${shorten(role) || 'another role'}${by}${foreign ? ', of another AWS account' : ''}`;
    return {
      entity: event.actor,
      about: `${event.cluster} ${account}`,
      summary: deedText(
        event,
        deeds[event.action as keyof typeof deeds],
        `the IAM role of ${shorten(account)} in cluster ${shorten(event.cluster)}`,
        deleted ? 'its pods lose it' : now,
      ),
      ...accessWeight(event, severity),
    };
  },
});

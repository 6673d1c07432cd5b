import { api } from '../../detect/kit.ts';
import { accessWeight, decoded, isForeign } from '../../knowledge/access-calls.ts';
import { deedText } from '../../knowledge/monitoring.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import type { Severity } from '../../model/finding.ts';
import { at, text, texts } from '../../model/json.ts';

/** Access policies that lead to everything, or to every Secret. Source: Amazon EKS user guide, "Review access policy permissions". */
const grave: Readonly<Record<string, { readonly severity: Severity; readonly words: string }>> = {
  AmazonEKSClusterAdminPolicy: { severity: 'high', words: 'it may do everything' },
  AmazonEKSAdminPolicy: { severity: 'high', words: 'it may do nearly everything, and read Secrets' },
  AmazonEKSEditPolicy: { severity: 'medium', words: 'it may change workloads and read Secrets' },
  AmazonEKSAdminViewPolicy: { severity: 'medium', words: 'it may read everything, Secrets too' },
  AmazonEKSSecretAdminPolicy: { severity: 'medium', words: 'it may read and change Secrets' },
  AmazonEKSSecretReaderPolicy: { severity: 'medium', words: 'it may read Secrets' },
};

/** An IAM principal becomes administrator by a policy of EKS, which leaves no object in the cluster. Strategy: ./ADS.md */
export const adminPolicyAssociated = api.detection({
  id: 'admin-policy-associated',
  title: 'Administrator policy of EKS given to an IAM principal',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1098.006'],
  rows: ['D096'],
  next: 'Ask the owner of the cluster about it; if unknown, disassociate the policy and list the requests of that principal in the audit log.',
  reads: ['eks:AssociateAccessPolicy'],
  judge: (event) => {
    const policy =
      decoded(text(event.parameters['policyArn']) ?? '')
        .split('/')
        .at(-1) ?? '';
    const rating = Object.hasOwn(grave, policy) ? grave[policy] : undefined;
    if (rating === undefined) return undefined;
    const principal = decoded(text(event.parameters['principalArn']) ?? '');
    const namespaces = texts(at(event.parameters, 'accessScope', 'namespaces'));
    const wide = text(at(event.parameters, 'accessScope', 'type')) !== 'namespace' || namespaces.some((name) => name.includes('*'));
    const place = wide ? `the whole cluster ${shorten(event.cluster)}` : `${some(namespaces)} of cluster ${shorten(event.cluster)}`;
    const foreign = isForeign(principal, event);
    const severity = foreign ? 'high' : wide ? rating.severity : rating.severity === 'high' ? 'medium' : 'low';
    const what = `${policy} in ${place} to ${shorten(principal) || 'an unknown principal'}`;
    const consequence = `${rating.words}${foreign ? ', from another AWS account' : ''}, and nothing in the cluster shows it`;
    return {
      entity: event.actor,
      about: `${event.cluster} ${principal} ${policy}`,
      summary: deedText(event, ['gave', 'give'], what, consequence),
      ...accessWeight(event, severity),
    };
  },
});

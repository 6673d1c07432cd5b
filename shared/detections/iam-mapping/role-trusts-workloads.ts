import { api, snapshot } from '../../detect/kit.ts';
import { accessWeight } from '../../knowledge/access-calls.ts';
import { deedText } from '../../knowledge/monitoring.ts';
import { workloadTrusts } from '../../knowledge/role-trust.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';
import { text, texts } from '../../model/json.ts';

const trustsOf = ({ parameters }: ApiEvent) => workloadTrusts(text(parameters['policyDocument']) ?? '');

/** An IAM role begins to trust workloads of a cluster, or the account a new provider of identities. Strategy: ./ADS.md */
export const roleTrustsWorkloads = api.detection({
  id: 'role-trusts-workloads',
  title: 'IAM role opened to workloads of a cluster',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1098.003', 'T1098.006'],
  rows: ['D098'],
  next: 'Compare the trust policy with that of version control, and list who assumed the role in CloudTrail since.',
  reads: ['iam:UpdateAssumeRolePolicy', 'iam:CreateOpenIDConnectProvider'],
  memory: {
    trust: snapshot({
      id: 'role-trust',
      key: (event: ApiEvent) =>
        event.error === '' && event.action === 'UpdateAssumeRolePolicy' ? [text(event.parameters['roleName']) ?? ''] : undefined,
      value: (event: ApiEvent) => ({ trusts: trustsOf(event).map(({ id }) => id) }),
    }),
  },
  judge: (event, { trust: { previous } }) => {
    if (event.action === 'CreateOpenIDConnectProvider') {
      const url = text(event.parameters['url']) ?? 'an unknown address';
      const summary = deedText(
        event,
        ['added', 'add'],
        `identity provider ${shorten(url)} to the account`,
        'roles can now trust whom it names',
      );
      return { entity: event.actor, about: url, summary, ...accessWeight(event, 'medium') };
    }
    const known = new Set(texts(previous?.['trusts']));
    const fresh = trustsOf(event).filter(({ id }) => !known.has(id));
    if (fresh.length === 0) return undefined;
    const role = text(event.parameters['roleName']) ?? 'of unknown name';
    const open = fresh.some((one) => one.open);
    const what = `IAM role ${shorten(role)} to ${some(fresh.map(({ words }) => words))}`;
    const consequence = `${open ? 'any workload of that cluster may take it' : 'its workloads may take it'}${previous === undefined ? ', and whether they could before is not known' : ''}`;
    return {
      entity: event.actor,
      about: role,
      summary: deedText(event, ['opened', 'open'], what, consequence),
      ...accessWeight(event, open ? 'high' : 'medium', previous === undefined ? 'low' : 'medium'),
    };
  },
});

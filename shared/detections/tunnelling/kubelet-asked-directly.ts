import { audit, seenSet } from '../../detect/kit.ts';
import { kubeletRight } from '../../knowledge/kubelet-api.ts';
import { isMetricsAccount } from '../../knowledge/monitoring-accounts.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { at, text } from '../../model/json.ts';

interface Question {
  readonly user: string;
  readonly verb: string;
  readonly subresource: string;
  readonly node: string;
}

/** The API server's own client certificate for kubelets; the cluster's authority issues it to nobody else. */
const apiServer: ReadonlySet<string> = new Set([
  'kube-apiserver-kubelet-client',
  'apiserver-kubelet-client',
  'kube-apiserver',
  'system:kube-apiserver',
  'system:apiserver',
]);

/** Whose use of its API a kubelet asks about; absent for questions about anything else. */
function questionOf(event: AuditEvent): Question | undefined {
  const spec = at(event.request, 'spec');
  const attributes = at(spec, 'resourceAttributes');
  const user = text(at(spec, 'user')) ?? 'system:anonymous';
  if (text(at(attributes, 'resource')) !== 'nodes' || apiServer.has(user)) return undefined;
  return {
    user,
    verb: text(at(attributes, 'verb')) ?? '',
    subresource: text(at(attributes, 'subresource')) ?? '',
    node: text(at(attributes, 'name')) ?? '',
  };
}

/** A kubelet asks whether somebody may use it: somebody speaks to it past the API server and its log. Strategy: ./ADS.md */
export const kubeletAskedDirectly = audit.detection({
  id: 'kubelet-asked-directly',
  title: 'Kubelet used past the API server',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1613', 'T1609'],
  rows: ['D036'],
  next: 'Find the pod whose service account this is, look at what runs in it, and take the right to `nodes/proxy` from the account.',
  reads: { verbs: ['create'], resources: ['subjectaccessreviews'] },
  when: (event: AuditEvent) => event.actor.type === 'node' && event.allowed && questionOf(event) !== undefined,
  memory: {
    known: seenSet({
      id: 'kubelet-users',
      key: (event: AuditEvent) => [questionOf(event)?.user ?? ''],
      member: (event: AuditEvent) => questionOf(event)?.subresource ?? '',
      days: 30,
      warmUpDays: 0,
    }),
  },
  judge: (event, { known }) => {
    const question = questionOf(event);
    if (question === undefined) return undefined;
    const { user, verb, subresource, node } = question;
    const { gives, severity } = kubeletRight(subresource);
    const collector = isMetricsAccount(user);
    const harmless = severity === 'low' || (collector && verb === 'get');
    if (harmless && (known.has(subresource) || (collector && severity === 'low'))) return undefined;
    const granted = at(event.response, 'status', 'allowed') === true;
    const name = shorten(user.replace(/^system:serviceaccount:([^:]+):/, '$1/'));
    return {
      entity: { kind: 'identity', id: user, name },
      about: gives,
      summary: `${name} spoke to the kubelet of node ${shorten(node)} past the API server (${shorten(verb)} nodes/${shorten(subresource)}), which ${gives}; the kubelet was told to ${granted ? 'let it' : 'refuse'}.`,
      severity: !granted || harmless ? 'low' : severity,
    };
  },
});

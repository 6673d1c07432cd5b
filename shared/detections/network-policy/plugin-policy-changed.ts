import { audit, seenSet } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { deployerOf } from '../../knowledge/pod-changes.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Policies whose content is not logged. Sources: Cilium, Calico, AWS VPC CNI and Kubernetes network policy API documentation. */
const resources = [
  'networkpolicies',
  'globalnetworkpolicies',
  'globalnetworksets',
  'ciliumnetworkpolicies',
  'ciliumclusterwidenetworkpolicies',
  'adminnetworkpolicies',
  'baselineadminnetworkpolicies',
  'clusternetworkpolicies',
  'applicationnetworkpolicies',
  'securitygrouppolicies',
];

/** Somebody new writes policies whose content is not logged. Strategy: ./ADS.md */
export const pluginPolicyChanged = audit.detection({
  id: 'plugin-policy-changed',
  title: 'Policy of a network plug-in written by somebody new',
  severity: 'medium',
  // Nothing tells a policy that opens from one that closes.
  confidence: 'low',
  attack: ['T1686', 'T1686.001'],
  rows: ['D119'],
  next: 'Read the policy as it is now and compare it with version control; its content stands in no log.',
  reads: { verbs: ['create', 'update', 'patch'], resources },
  memory: {
    authors: seenSet({
      id: 'plugin-policy-authors',
      key: (event: AuditEvent) => [event.target.resource, event.target.namespace],
      member: ({ actor }: AuditEvent) => deployerOf(actor),
      days: 180,
      warmUpDays: 0,
    }),
  },
  // Kubernetes' own policies are logged whole, and judged by their content.
  when: (event) => event.allowed && !event.dryRun && event.target.group !== 'networking.k8s.io' && event.target.group !== 'extensions',
  judge: (event, { authors }) => {
    const { resource, namespace } = event.target;
    if (authors.has(deployerOf(event.actor)) || event.hasDuty('deployer') || isClusterItself(event)) return undefined;
    const place = namespace === '' ? 'of the cluster' : `in namespace ${shorten(namespace)}`;
    return {
      entity:
        namespace === ''
          ? { kind: 'cluster', id: event.scope.cluster, name: event.scope.cluster }
          : { kind: 'namespace', id: namespace, name: namespace },
      about: `${resource} ${event.actor.id}`,
      summary: `${callerText(event)} ${event.verb === 'create' ? 'created' : 'changed'} ${resource.replace(/ies$/, 'y')} ${shorten(event.name) || 'of a generated name'} ${place}, where ${authors.size === 0 ? 'nobody is known to have done so' : 'only others did so'} before.`,
      baseline: { 'usual authors': authors.some(3).join(', ') || 'none known' },
      severity: authors.size === 0 || event.hasDuty('administrator') ? 'low' : 'medium',
    };
  },
});

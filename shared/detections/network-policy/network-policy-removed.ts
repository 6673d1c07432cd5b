import { audit } from '../../detect/kit.ts';
import { isGarbageCollection, isNamespaceCleanup } from '../../knowledge/cluster-cleaners.ts';
import { policies, policyReach, policyText } from '../../knowledge/network-policy.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { Severity } from '../../model/finding.ts';

/** Policies of Kubernetes and of network plug-ins; of the latter only the deletion is logged, never the body. */
const resources = [
  'networkpolicies',
  'globalnetworkpolicies',
  'ciliumnetworkpolicies',
  'ciliumclusterwidenetworkpolicies',
  'adminnetworkpolicies',
  'baselineadminnetworkpolicies',
  'clusternetworkpolicies',
  'securitygrouppolicies',
];

/** A policy that kept pods apart is gone. Strategy: ./ADS.md */
export const networkPolicyRemoved = audit.detection({
  id: 'network-policy-removed',
  title: 'Network policy removed',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1686', 'T1686.001'],
  rows: ['D119'],
  next: 'Restore the policy from version control unless its owner vouches for the deletion, and look for new connections to and from its pods since.',
  reads: { verbs: ['delete', 'deletecollection'], resources },
  memory: { policies },
  when: (event) => event.allowed && !event.dryRun && !isNamespaceCleanup(event),
  judge: (event, { policies: known }) => {
    const { namespace, resource } = event.target;
    const lost = known.previous;
    const all = event.name === '';
    const deniedAll = lost !== undefined && policyReach(lost).wide && policyReach(lost).openings.every(({ limited }) => limited);
    const severity: Severity = isGarbageCollection(event) ? 'low' : all || deniedAll ? 'high' : 'medium';
    const what = all ? `all ${resource}` : `${resource.replace(/ies$/, 'y')} ${shorten(event.name)}`;
    const place = namespace === '' ? 'of the cluster' : `in namespace ${shorten(namespace)}`;
    return {
      entity:
        namespace === ''
          ? { kind: 'cluster', id: event.scope.cluster, name: event.scope.cluster }
          : { kind: 'namespace', id: namespace, name: namespace },
      about: all ? resource : event.name,
      summary: `${callerText(event)} deleted ${what} ${place}${lost === undefined ? '' : `, which ${policyText(lost)}`}: what it closed is open to everybody now.`,
      ...(lost === undefined ? {} : { baseline: { before: policyText(lost) } }),
      severity,
    };
  },
});

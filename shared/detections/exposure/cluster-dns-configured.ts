import { audit } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { deedText } from '../../knowledge/pod-changes.ts';

/** Configurations of the cluster's DNS. Sources: Amazon EKS user guide, "Manage CoreDNS"; Kubernetes documentation, "NodeLocal DNSCache". */
const configurations: ReadonlySet<string> = new Set(['coredns', 'coredns-custom', 'kube-dns', 'node-local-dns']);

/** Somebody other than EKS writes the configuration of the cluster's DNS; what it says is not logged. Strategy: ./ADS.md */
export const clusterDnsConfigured = audit.detection({
  id: 'cluster-dns-configured',
  title: 'Configuration of the cluster’s DNS written',
  severity: 'medium',
  confidence: 'low',
  attack: ['T1557', 'T1565.001'],
  rows: ['D125'],
  next: 'Read the Corefile with `kubectl get configmap coredns -n kube-system -o yaml`, look for forwards, rewrites and hosts that nobody ordered, and restore it.',
  reads: { verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'], resources: ['configmaps'] },
  when: ({ target, dryRun, allowed, outcome }) =>
    target.namespace === 'kube-system' &&
    (target.name === '' || configurations.has(target.name)) &&
    !dryRun &&
    (allowed || outcome === 'forbidden'),
  judge: (event) => {
    const { verb } = event;
    const { name } = event.target;
    // A name that the server is to generate is no configuration's, and it stands in no log.
    if ((name === '' && verb !== 'deletecollection') || isClusterItself(event)) return undefined;
    const what =
      name === '' ? 'all ConfigMaps of kube-system, with the configuration of the cluster’s DNS,' : `ConfigMap kube-system/${name}`;
    const deed = verb.startsWith('delete') ? (event.allowed ? 'deleted' : 'was refused when trying to delete') : deedText(event);
    const planned = event.hasDuty('deployer') || event.hasDuty('administrator');
    return {
      entity: { kind: 'object', id: `kube-system/configmap/${name}`, name: name === '' ? 'ConfigMaps of kube-system' : name },
      about: event.actor.id,
      summary: `${callerText(event)} ${deed} ${what}: it decides which address every name in the cluster stands for.`,
      severity: !event.allowed || planned ? 'low' : 'medium',
    };
  },
});

import { audit, snapshot } from '../../detect/kit.ts';
import { type Change, changesOf, dnsObject, dnsVersion, isDnsService } from '../../knowledge/cluster-dns.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { some } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { graver } from '../../model/finding.ts';

/** The cluster's DNS is answered by another program, or by other pods, than before. Strategy: ./ADS.md */
export const clusterDnsReplaced = audit.detection({
  id: 'cluster-dns-replaced',
  title: 'Cluster’s DNS replaced or redirected',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1557', 'T1565.001'],
  rows: ['D125'],
  next: 'Compare Deployment and Service with the add-on’s version, restore them with `aws eks update-addon --resolve-conflicts OVERWRITE`, and restart what may hold false addresses.',
  reads: { verbs: ['create', 'update', 'patch', 'delete'], resources: ['deployments', 'services', 'daemonsets'] },
  memory: {
    versions: snapshot({
      id: 'cluster-dns',
      key: ({ target }: AuditEvent) => [target.resource, target.name],
      value: (event: AuditEvent) => (event.allowed && !event.verb.startsWith('delete') ? dnsVersion(event) : undefined),
    }),
  },
  when: (event) => dnsObject(event.target) && event.allowed && !event.dryRun,
  judge: (event, { versions: { previous } }) => {
    if (isClusterItself(event)) return undefined;
    const changes: readonly Change[] =
      event.verb === 'delete' ? [{ severity: 'high', words: 'does so no longer' }] : changesOf(event, previous);
    if (changes.length === 0) return undefined;
    const { resource, name } = event.target;
    const planned = event.hasDuty('deployer') || event.hasDuty('administrator');
    return {
      entity: {
        kind: 'object',
        id: `kube-system/${resource}/${name}`,
        name: `${isDnsService(event.target) ? 'Service' : 'workload'} kube-system/${name}`,
      },
      about: event.actor.id,
      summary: `${callerText(event)} ${event.verb === 'delete' ? 'deleted' : 'changed'} ${resource.replace(/s$/, '')} kube-system/${name}, which answers DNS for the whole cluster: it ${some(changes.map(({ words }) => words))}.`,
      severity: planned ? 'low' : changes.map(({ severity }) => severity).reduce(graver),
    };
  },
});

import { audit, seenSet } from '../../detect/kit.ts';
import { dashboardNamed } from '../../knowledge/dashboards.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import { exposuresOf, selectorOf, services, serviceWrites, speaksOf } from '../../knowledge/service-exposure.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { graver, type Severity } from '../../model/finding.ts';
import { at, object, texts } from '../../model/json.ts';

/** A Service can be reached from outside of the cluster, or takes over traffic to addresses of others. Strategy: ./ADS.md */
export const serviceExposed = audit.detection({
  id: 'service-exposed',
  title: 'Service exposed outside of the cluster',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1133', 'T1190', 'T1557'],
  rows: ['D127'],
  next: 'Ask the owner whether the Service is meant to be public; if not, make it `ClusterIP` again, and look in the flow log for who came in meanwhile.',
  reads: serviceWrites,
  memory: {
    services,
    habits: seenSet({
      id: 'exposures',
      key: (event: AuditEvent) => (event.allowed && !event.dryRun && kindsOf(event) !== '' ? [event.target.namespace] : undefined),
      member: kindsOf,
      days: 90,
      warmUpDays: 0,
    }),
  },
  when: (event) => event.allowed && !event.dryRun && !isClusterItself(event),
  judge: (event, { services: { previous }, habits }) => {
    const known = texts(previous?.['exposures']);
    const fresh = exposuresOf(event.result).filter(({ id }) => !known.includes(id));
    const unchanged = previous === undefined && !speaksOf(event, '"type"', 'externalIPs', 'load-balancer', 'loadBalancer');
    if (fresh.length === 0 || unchanged) return undefined;
    const { namespace } = event.target;
    const dashboard = dashboardNamed(event.name, selectorOf(object(at(event.result, 'spec'))));
    const grave = fresh.map(({ severity }) => severity).reduce(graver);
    const usual = grave !== 'high' && habits.has(kindsOf(event));
    // Ports on nodes are how load balancers reach pods: after the first of a namespace they tell nothing.
    if (usual && grave === 'low' && dashboard === undefined) return undefined;
    const path = `${namespace}/service/${event.name}`;
    return {
      entity: { kind: 'object', id: path, name: path },
      about: fresh.map(({ kind }) => kind).join(' '),
      summary:
        `${callerText(event)} ${event.verb === 'create' ? 'created' : 'changed'} Service ${shorten(`${namespace}/${event.name}`)} with ${some(fresh.map(({ words }) => words))}` +
        `${dashboard === undefined ? '' : `; by its name it is ${dashboard}`}${usual ? '; the namespace has such Services already' : ''}.`,
      severity: severityOf(event, grave, { dashboard: dashboard !== undefined, usual }),
    };
  },
});

function kindsOf(event: AuditEvent): string {
  return exposuresOf(event.result)
    .map(({ kind }) => kind)
    .join(' ');
}

function severityOf(event: AuditEvent, grave: Severity, { dashboard, usual }: { dashboard: boolean; usual: boolean }): Severity {
  if (event.hasDuty('deployer') || event.hasDuty('administrator')) return grave === 'high' || dashboard ? 'medium' : 'low';
  if (dashboard) return grave === 'low' ? 'medium' : 'high';
  if (isGuardedNamespace(event.target.namespace)) return graver(grave, 'medium');
  return usual ? 'low' : grave;
}

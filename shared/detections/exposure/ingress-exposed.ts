import { audit, snapshot } from '../../detect/kit.ts';
import { dashboardNamed } from '../../knowledge/dashboards.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { type Route, routeOf } from '../../knowledge/ingress.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import { speaksOf } from '../../knowledge/service-exposure.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import type { Severity } from '../../model/finding.ts';
import { text, texts } from '../../model/json.ts';

/** A route from the internet to a Service, or one without encryption, is opened. Strategy: ./ADS.md */
export const ingressExposed = audit.detection({
  id: 'ingress-exposed',
  title: 'Ingress opened to the internet or without encryption',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1133', 'T1190'],
  rows: ['D127'],
  next: 'Ask the owner whether the route is meant to be public; if not, delete the Ingress, and look at its load balancer’s log for who came in.',
  reads: { verbs: ['create', 'update', 'patch'], resources: ['ingresses'] },
  memory: {
    routes: snapshot({
      id: 'ingress',
      key: ({ target, name }: AuditEvent) => (name === '' ? undefined : [target.namespace, name]),
      value: (event: AuditEvent) => (event.allowed && event.result !== undefined ? { ...routeOf(event.result) } : undefined),
    }),
  },
  when: (event) => event.allowed && !event.dryRun && !isClusterItself(event) && !isSolver(event),
  judge: (event, { routes: { previous } }) => {
    if (event.result === undefined || (previous === undefined && !speaksOf(event, 'scheme', 'tls', 'listen-ports', 'certificate')))
      return undefined;
    const route = routeOf(event.result);
    const dashboard = dashboardNamed(event.name, ...route.backends);
    const added = route.backends.filter((backend) => !texts(previous?.['backends']).includes(backend));
    const opened = route.internet && previous?.['internet'] !== true;
    const bared = route.plain && previous?.['plain'] !== true;
    const shown = route.internet && dashboard !== undefined && dashboardNamed(...added) !== undefined;
    const severity =
      opened || bared || shown
        ? severityOf(event, route, { dashboard: dashboard !== undefined, turned: previous !== undefined && opened })
        : undefined;
    if (severity === undefined) return undefined;
    const { namespace } = event.target;
    const path = `${namespace}/ingress/${event.name}`;
    const traits = [...(route.internet ? ['reachable from the internet'] : []), ...(route.plain ? ['without encryption'] : [])];
    return {
      entity: { kind: 'object', id: path, name: path },
      about: event.actor.id,
      summary: `${callerText(event)} ${event.verb === 'create' ? 'created' : 'changed'} Ingress ${shorten(`${namespace}/${event.name}`)}, ${traits.join(' and ')}${previous === undefined ? '' : ', unlike its previous version'}${dashboard === undefined ? '' : `; by name it leads to ${dashboard}`}.`,
      severity,
    };
  },
});

function severityOf(
  event: AuditEvent,
  { internet, plain }: Route,
  how: { readonly dashboard: boolean; readonly turned: boolean },
): Severity {
  const planned = event.hasDuty('deployer') || event.hasDuty('administrator');
  if (planned) return internet && how.dashboard ? 'medium' : 'low';
  if (how.dashboard) return internet ? 'high' : 'low';
  if (internet && isGuardedNamespace(event.target.namespace)) return 'high';
  // What was internal is not expected to be public, encrypted or not.
  return internet && (plain || how.turned) ? 'medium' : 'low';
}

/** Certificates are proved over plain HTTP. Source: cert-manager documentation, "HTTP01". */
function isSolver({ actor, target, metadata }: AuditEvent): boolean {
  const name = target.name || (text(metadata?.['name']) ?? '');
  return (
    actor.type === 'service-account' &&
    actor.id === 'system:serviceaccount:cert-manager:cert-manager' &&
    name.startsWith('cm-acme-http-solver-')
  );
}

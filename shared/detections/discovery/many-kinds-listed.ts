import { audit, callerId } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { peersOf } from '../../knowledge/peers.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** What shows a cluster's shape, its accounts and its rules: programs list what they work with, intruders list all of it. */
const revealing = [
  ...['namespaces', 'nodes', 'pods', 'services', 'configmaps', 'secrets', 'serviceaccounts', 'persistentvolumes'],
  ...['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings', 'networkpolicies', 'ingresses'],
  ...['deployments', 'daemonsets', 'cronjobs', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
];

/** Somebody lists one kind of object after the other. Strategy: ./ADS.md */
export const manyKindsListed = audit.threshold({
  id: 'many-kinds-listed',
  title: 'Many kinds of objects listed one after the other',
  // Operators and consoles do so when they start.
  severity: 'low',
  confidence: 'medium',
  attack: ['T1613'],
  rows: ['D030'],
  next: 'Look at which client listed all this and what the caller did next; an operator that started, or a console, explains it.',
  reads: { verbs: ['list'], resources: revealing },
  when: (event: AuditEvent) =>
    event.allowed &&
    event.actor.type !== 'node' &&
    event.actor.type !== 'anonymous' &&
    // A list with a name asks for one object.
    event.target.name === '' &&
    !isClusterItself(event) &&
    !(['scanner', 'deployer', 'administrator'] as const).some((duty) => event.hasDuty(duty)),
  count: { by: ({ actor }) => [callerId(actor)], member: ({ target }) => target.resource, within: peersOf, minutes: 5 },
  limit: { ceiling: 10, profile: { floor: 6, deviations: 4 } },
  judge: (event, { count, limit, minutes, baseline }) => ({
    entity: event.actor,
    summary:
      `${callerText(event)} listed ${String(count)} kinds of objects that show what the cluster is made of within ${String(minutes)} minutes, ` +
      `where ${String(limit)} is the limit; the last was ${event.target.resource}.`,
    baseline,
  }),
});

import { audit, callerId, seenSet } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { isExecAttempt } from '../../knowledge/exec.ts';
import { callerText } from '../../knowledge/origin.ts';
import { proxiedBy } from '../../knowledge/proxied.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Names of pods do not come back: their namespace stands for them. */
const reached = (event: AuditEvent): string => {
  const { resource, namespace } = event.target;
  return resource === 'services' ? `${namespace}/${proxiedBy(event).name}` : `pods of ${namespace}`;
};

/** A dashboard asks a Service beside it; its token proves the namespace. */
const isAtHome = ({ actor, target }: AuditEvent): boolean =>
  actor.type === 'service-account' && actor.username.startsWith(`system:serviceaccount:${target.namespace}:`);

/** The API server carries somebody's requests to a pod or Service, past NetworkPolicies. Strategy: ./ADS.md */
export const serviceProxied = audit.detection({
  id: 'service-proxied',
  title: 'Pod or Service reached through the API server',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1572', 'T1090'],
  rows: ['D037'],
  next: 'Ask the caller what they needed there; the path in the evidence tells what was asked, and the Service has the rest in its own log.',
  reads: { verbs: ['*'], resources: ['services/proxy', 'pods/proxy'] },
  when: (event: AuditEvent) => isExecAttempt(event) && !isAtHome(event) && !isClusterItself(event),
  memory: {
    known: seenSet({
      id: 'proxied-services',
      key: ({ actor }: AuditEvent) => [callerId(actor)],
      member: (event: AuditEvent) => `${event.verb === 'get' ? 'reads' : 'writes'} ${reached(event)}`,
      days: 30,
      warmUpDays: 0,
    }),
  },
  judge: (event, { known }) => {
    const habit = `${event.verb === 'get' ? 'reads' : 'writes'} ${reached(event)}`;
    if (known.has(habit)) return undefined;
    const { name, path } = proxiedBy(event);
    const { namespace, resource } = event.target;
    const deed = event.allowed ? 'sent' : 'was refused when trying to send';
    const kind = resource === 'services' ? 'Service' : 'pod';
    const grave = event.verb !== 'get' || isGuardedNamespace(namespace) || event.actor.type === 'service-account';
    return {
      entity: event.actor,
      about: `${namespace} ${resource}`,
      summary: `${callerText(event)} ${deed} a request (${event.verb} ${shorten(path)}) through the API server to ${kind} ${shorten(`${namespace}/${name}`)}, which it is not known to have used before.`,
      severity: event.allowed && grave && !event.hasDuty('administrator') ? 'medium' : 'low',
    };
  },
});

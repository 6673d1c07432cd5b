import { audit, callerId, seenSet } from '../../detect/kit.ts';
import { isClusterItself, isNodeSession } from '../../knowledge/exclusions.ts';
import { identityConfigMap } from '../../knowledge/identity-configmaps.ts';
import { callerText } from '../../knowledge/origin.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** The cluster and its nodes keep the memory's age: they mount and read these all the time. */
const itself = 'the cluster itself';

const nameOf = ({ target }: AuditEvent): string => `${target.namespace}/${target.name}`;
const reader = (event: AuditEvent): string =>
  isClusterItself(event) || isNodeSession(event.actor) ? itself : `${callerId(event.actor)} ${nameOf(event)}`;

/** Somebody who never did so reads how the cluster lets people in. Strategy: ./ADS.md */
export const clusterConfigRead = audit.detection({
  id: 'cluster-config-read',
  title: 'Configuration of the cluster read by a new reader',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1613', 'T1552.007'],
  rows: ['D040'],
  next: 'Check whether the reader went on to change what it read: search for updates of the same ConfigMap and for new access entries.',
  reads: { verbs: ['get', 'list', 'watch'], resources: ['configmaps'] },
  when: ({ allowed, target }: AuditEvent) => allowed && identityConfigMap(target) !== undefined,
  memory: { readers: seenSet({ id: 'cluster-config-readers', key: () => [], member: reader, days: 30, warmUpDays: 3 }) },
  judge: (event, { readers }) => {
    const who = reader(event);
    if (who === itself || readers.learning || readers.has(who)) return undefined;
    if (event.hasDuty('administrator') || event.hasDuty('deployer') || event.hasDuty('scanner')) return undefined;
    const { name } = event.target;
    const age = Math.min(readers.age, 30);
    const workload = event.actor.type === 'service-account' && name === 'aws-auth';
    return {
      entity: event.actor,
      about: nameOf(event),
      summary: `${callerText(event)} read ConfigMap ${nameOf(event)}, which ${identityConfigMap(event.target) ?? ''}; in ${String(age)} days it never did.`,
      baseline: { 'known readers': readers.size - (readers.has(itself) ? 1 : 0), 'known for days': age },
      severity: workload || (event.origin.reach === 'public' && event.actor.type === 'service-account') ? 'medium' : 'low',
    };
  },
});

import { audit, callerId, seenSet } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Everything else done to roles keeps the memory's age, so that the first reader in a quiet cluster is judged. */
const otherWork = 'other work on roles';

/** A watch brings all there is before it brings what changes. */
const lists = (event: AuditEvent): boolean => event.verb !== 'get' && event.target.name === '' && !isClusterItself(event);
const isBinding = ({ target }: AuditEvent): boolean => target.resource.endsWith('bindings');
const habit = (event: AuditEvent): string =>
  lists(event) ? `${callerId(event.actor)} ${isBinding(event) ? 'bindings' : 'roles'}` : otherWork;

/** Somebody who never did so lists who may do what. Strategy: ./ADS.md */
export const rbacInventoryRead = audit.detection({
  id: 'rbac-inventory-read',
  title: 'Roles or bindings listed by a new reader',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1069.003', 'T1087.004'],
  rows: ['D039'],
  next: 'Look at what else the reader asked in that hour; the list of bindings names the accounts worth stealing.',
  reads: { verbs: ['get', 'list', 'watch'], resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'] },
  when: (event: AuditEvent) => event.allowed,
  memory: { readers: seenSet({ id: 'rbac-readers', key: () => [], member: habit, days: 30, warmUpDays: 3 }) },
  judge: (event, { readers }) => {
    if (!lists(event) || readers.learning || readers.has(habit(event))) return undefined;
    const { resource, namespace } = event.target;
    const expected = event.hasDuty('scanner') || event.hasDuty('administrator') || event.hasDuty('deployer');
    if (expected) return undefined;
    const where = namespace === '' ? 'of the whole cluster' : `of namespace ${shorten(namespace)}`;
    const age = Math.min(readers.age, 30);
    return {
      entity: event.actor,
      about: isBinding(event) ? 'bindings' : 'roles',
      summary: `${callerText(event)} ${event.verb}ed the ${resource} ${where}; in ${String(age)} days it listed no ${isBinding(event) ? 'bindings' : 'roles'}.`,
      baseline: { 'known readers': readers.size - (readers.has(otherWork) ? 1 : 0), 'known for days': age },
      // Workloads that need this are operators, and they list when they are installed.
      severity: event.actor.type === 'service-account' && isBinding(event) ? 'medium' : 'low',
    };
  },
});

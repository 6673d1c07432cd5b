import { audit, callerId, seenSet } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { bindingResources, contentWrites, isWrite, rbacName, roleResources } from '../../knowledge/rbac.ts';
import { subjectsOf } from '../../knowledge/role-grants.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Reads, and writes by the cluster and by people, keep the memory's age: in a quiet cluster no workload writes rights for weeks. */
const others = 'others';

const writes: ReadonlySet<string> = new Set(contentWrites);
const isWorkload = (event: AuditEvent): boolean => event.actor.type === 'service-account' && !isClusterItself(event);

/** Whoever tried in vain is not thereby known to write. */
function writer(event: AuditEvent): string {
  if (!writes.has(event.verb) || !isWorkload(event)) return others;
  return `${callerId(event.actor)}${event.allowed ? '' : ' in vain'}`;
}

/** A workload hands out rights, which few have a reason to. Strategy: ./ADS.md */
export const rightsWrittenByWorkload = audit.detection({
  id: 'rights-written-by-workload',
  title: 'Role or binding written by a workload that never did so',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1098.006', 'T1528'],
  rows: ['D090'],
  next: 'Ask the owner of the workload whether its software manages rights; if not, delete what was written and treat the token as stolen.',
  reads: { verbs: [...contentWrites, 'list', 'watch'], resources: [...bindingResources, ...roleResources] },
  when: isWrite,
  memory: { writers: seenSet({ id: 'rbac-writers', key: () => [], member: writer, days: 30, warmUpDays: 3 }) },
  judge: (event, { writers }) => {
    const who = writer(event);
    if (who === others || writers.learning || writers.has(who)) return undefined;
    if (event.hasDuty('deployer') || event.hasDuty('administrator')) return undefined;
    const [, , namespace, name] = event.actor.username.split(':');
    const itself = subjectsOf(event).some(
      (subject) => subject.kind === 'ServiceAccount' && subject.namespace === namespace && subject.name === name,
    );
    const age = Math.min(writers.age, 30);
    return {
      entity: event.actor,
      summary:
        `${callerText(event)} ${event.allowed ? 'wrote' : 'was refused when trying to write'} ${rbacName(event)}` +
        `${itself ? ', which gives rights to itself' : ''}; in ${String(age)} days it wrote no role and no binding.`,
      baseline: { 'known writers': writers.size - (writers.has(others) ? 1 : 0), 'known for days': age },
      severity: !event.allowed ? 'low' : itself ? 'high' : 'medium',
    };
  },
});

import { audit, callerId } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { peersOf } from '../../knowledge/peers.ts';
import { accessQuestion, isPowerful } from '../../knowledge/powerful-access.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Somebody tries powerful rights one after the other, to see which of them he has. Strategy: ./ADS.md */
export const permissionsProbed = audit.threshold({
  id: 'permissions-probed',
  title: 'Many powerful permissions asked about',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1069.003', 'T1613'],
  rows: ['D029'],
  next: 'Ask the person or the owner of the workload which program asks; dashboards do so when they start, a stolen credential never stops there.',
  reads: { verbs: ['create'], resources: ['selfsubjectaccessreviews'] },
  when: (event: AuditEvent) => {
    if (!event.allowed || isClusterItself(event) || event.hasDuty('scanner') || event.hasDuty('administrator')) return false;
    const question = accessQuestion(event);
    return question !== undefined && isPowerful(question);
  },
  count: { by: ({ actor }) => [callerId(actor)], member: (event) => accessQuestion(event)?.id ?? '', within: peersOf, minutes: 15 },
  limit: { ceiling: 12, profile: { floor: 8, deviations: 6 } },
  judge: (event, { count, limit, minutes, baseline }) => ({
    entity: event.actor,
    summary: `${callerText(event)} asked about ${String(count)} different powerful permissions in ${String(minutes)} minutes, where ${String(limit)} is the limit.`,
    baseline,
  }),
});

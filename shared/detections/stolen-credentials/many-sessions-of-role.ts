import { audit } from '../../detect/kit.ts';
import { callerText } from '../../knowledge/origin.ts';
import { tellingRequests } from '../../knowledge/telling-requests.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** One IAM role is used under very many session names: whoever assumes it hides among them, or floods what is remembered. Strategy: ./ADS.md */
export const manySessionsOfRole = audit.threshold({
  id: 'many-sessions-of-role',
  title: 'One role used under very many session names',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1078.004'],
  rows: ['D021'],
  next: 'Search CloudTrail for who assumes the role so often, and take that right away until its owner explains the names.',
  reads: tellingRequests,
  when: ({ actor, outcome }: AuditEvent) => actor.type === 'iam' && actor.session !== undefined && outcome !== 'unauthenticated',
  count: { by: ({ actor }) => [actor.principal], member: ({ actor }) => actor.session ?? '', minutes: 60 },
  limit: { ceiling: 200, profile: { floor: 40, deviations: 6 } },
  judge: (event, { count, limit, minutes, baseline }) => ({
    entity: { kind: 'identity', id: event.actor.principal, name: event.actor.principal },
    summary:
      `${event.actor.principal} called under ${String(count)} session names within ${String(minutes)} minutes, where ${String(limit)} is the limit; ` +
      `one of them is ${callerText(event)}.`,
    baseline,
    severity: count >= 4 * limit ? 'high' : 'medium',
  }),
});

import { audit } from '../../detect/kit.ts';
import { peersOf } from '../../knowledge/peers.ts';
import { secretCounted } from '../../knowledge/secret-counting.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isControlPlane } from '../../model/actor.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** A workload fetches far more Secrets than it does. Strategy: ./ADS.md */
export const manySecretsReadByWorkload = audit.threshold({
  id: 'many-secrets-read-by-workload',
  title: 'Many Secrets read by one workload in a short time',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1552.007', 'T1528'],
  rows: ['D107'],
  next: 'Ask the owner of the workload whether its software reads that many; if not, delete its pods and rotate what was read.',
  reads: { verbs: ['get', 'list', 'watch'], resources: ['secrets'] },
  when: (event: AuditEvent) =>
    event.actor.type === 'service-account' && event.allowed && !isControlPlane(event.actor) && !event.hasDuty('secret-reader'),
  count: { by: ({ actor }) => [actor.id], member: secretCounted, within: peersOf, minutes: 30 },
  // Operators that keep Secrets of a whole cluster read hundreds with every round.
  limit: { ceiling: 400, profile: { floor: 20, deviations: 8 } },
  judge: (event, { count, limit, minutes, baseline }) => ({
    entity: event.actor,
    summary: `${callerText(event)} read ${String(count)} different Secrets within ${String(minutes)} minutes, where ${String(limit)} is the limit.`,
    baseline,
    severity: event.hasDuty('deployer') || event.hasDuty('administrator') ? 'low' : 'medium',
  }),
});

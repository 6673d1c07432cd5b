import { audit, callerId } from '../../detect/kit.ts';
import { peersOf } from '../../knowledge/peers.ts';
import { secretCounted } from '../../knowledge/secret-counting.ts';
import { callerText } from '../../knowledge/origin.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** A person or pipeline fetches one Secret after the other. Strategy: ./ADS.md */
export const manySecretsRead = audit.threshold({
  id: 'many-secrets-read',
  title: 'Many Secrets read by one person in a short time',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1552.007'],
  rows: ['D107'],
  next: 'Ask the reader what the Secrets were needed for; if nobody answers, revoke the credential and rotate what was read.',
  reads: { verbs: ['get', 'list', 'watch'], resources: ['secrets'] },
  when: (event: AuditEvent) =>
    event.allowed &&
    (event.actor.type === 'iam' || event.actor.type === 'certificate' || event.actor.type === 'anonymous') &&
    !event.hasDuty('secret-reader'),
  count: { by: ({ actor }) => [callerId(actor)], member: secretCounted, within: peersOf, minutes: 30 },
  limit: { ceiling: 40, profile: { floor: 12, deviations: 6 } },
  judge: (event, { count, limit, minutes, baseline }) => ({
    entity: event.actor,
    summary: `${callerText(event)} read ${String(count)} different Secrets within ${String(minutes)} minutes, where ${String(limit)} is the limit.`,
    baseline,
    severity: event.hasDuty('deployer') || event.hasDuty('administrator') ? 'low' : 'medium',
  }),
});

import { audit, callerId, seenSet } from '../../detect/kit.ts';
import { askedFor } from '../../knowledge/deed.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { day, iso } from '../../model/time.ts';

const dayOf = (event: AuditEvent): string => iso(event.day * day).slice(0, 10);

/** Somebody works with rights that no rule limits. Strategy: ./ADS.md */
export const mastersGroupUsed = audit.detection({
  id: 'masters-group-used',
  title: 'Unlimited group system:masters in use',
  severity: 'medium',
  confidence: 'high',
  attack: ['T1078.004'],
  rows: ['D018'],
  next: 'Ask the person what needed unlimited rights; map the identity to a group of your own if this is everyday work.',
  // Everything that is done with such rights counts. Nearly every event ends at the search of its few groups.
  reads: { verbs: ['*'], resources: ['*'] },
  // EKS's components that no IAM principal stands behind are its own: the signers refuse certificates for this group.
  when: (event: AuditEvent) =>
    event.actor.groups.includes('system:masters') && event.actor.type !== 'eks' && event.allowed && !isClusterItself(event),
  memory: {
    // What was told with low severity once a day is not told again that day.
    days: seenSet({ id: 'masters-days', key: (event: AuditEvent) => [callerId(event.actor)], member: dayOf, days: 30, warmUpDays: 0 }),
    users: seenSet({ id: 'masters-users', key: () => [], member: (event: AuditEvent) => callerId(event.actor), days: 30, warmUpDays: 3 }),
  },
  judge: (event, { days, users }) => {
    const today = dayOf(event);
    if (days.has(today)) return undefined;
    const usual = users.has(callerId(event.actor));
    const known = usual ? 'it did so in the last 30 days, too' : 'nobody knows it to do so';
    return {
      entity: event.actor,
      about: today,
      summary: `${callerText(event)} sent ${shorten(askedFor(event))} as a member of system:masters, for whom the cluster asks no rule; ${known}.`,
      ...(usual || event.hasDuty('administrator') ? { severity: 'low' } : {}),
    };
  },
});

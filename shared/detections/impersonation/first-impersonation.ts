import { audit, callerId, seenSet } from '../../detect/kit.ts';
import { askedFor, deedOf } from '../../knowledge/deed.ts';
import { isEksItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { privilegeOf } from '../../knowledge/privileged-identity.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

/**
 * The server refuses to impersonate before it asks whether the request itself is allowed: there is no decision, and nobody
 * is impersonated. Source: kubernetes/apiserver, `pkg/endpoints/filters/impersonation.go`.
 */
const refusedToImpersonate = (event: AuditEvent): boolean =>
  event.outcome === 'forbidden' &&
  event.annotation('authorization.k8s.io/decision') === '' &&
  event.message.includes(' cannot impersonate resource ');

/** Looking, and doing what leaves a mark, are habits of their own. */
function degreeOf(event: AuditEvent): 'refused' | 'looks' | 'acts' {
  if (event.as === undefined) return 'refused';
  const deed = deedOf(event);
  return deed === 'look' || deed === 'read' ? 'looks' : 'acts';
}

const deeds = {
  refused: 'tried to send',
  looks: 'sent',
  acts: 'sent',
} as const;

/** Somebody who never did so acts as somebody else, or tries to. Strategy: ./ADS.md */
export const firstImpersonation = audit.detection({
  id: 'first-impersonation',
  title: 'Impersonation by an identity that is not known to do so',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1078'],
  rows: ['D020'],
  next: 'Ask the real caller why it acts as somebody else; look for the binding that lets it, and at who made it.',
  // Whatever is asked, it is asked as another. Nearly every event ends at the first comparison.
  reads: { verbs: ['*'], resources: ['*'] },
  when: (event: AuditEvent) =>
    event.as === undefined
      ? refusedToImpersonate(event)
      : // Privileged identities have a detection of their own.
        event.outcome !== 'unauthenticated' && privilegeOf(event.as) === undefined && !isEksItself(event),
  memory: {
    // Told once and known from then on: most clusters see none for weeks, and the first is the one that matters.
    known: seenSet({
      id: 'impersonators',
      key: (event: AuditEvent) => [callerId(event.actor)],
      member: degreeOf,
      days: 30,
      warmUpDays: 0,
    }),
  },
  judge: (event, { known }) => {
    const degree = degreeOf(event);
    if (known.has(degree) || (degree === 'looks' && (known.has('acts') || event.hasDuty('administrator')))) return undefined;
    const { type } = event.actor;
    const program = type === 'service-account' || type === 'node';
    return {
      entity: event.actor,
      about: degree,
      summary:
        `${callerText(event)} ${deeds[degree]} ${shorten(askedFor(event))}` +
        `${degree === 'refused' ? ` as another and was refused (${shorten(event.message, 240)})` : ''}; it is not known to do so.`,
      baseline: { 'known of it': known.some(3).join(', ') || 'nothing' },
      // People try out what others may do; a program that takes on others was made for it, or was taken over.
      ...(program && degree !== 'looks' ? { severity: 'medium' } : {}),
    };
  },
});

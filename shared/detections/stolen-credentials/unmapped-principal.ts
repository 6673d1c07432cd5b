import { authenticator, seenSet } from '../../detect/kit.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuthenticatorEvent } from '../../model/authenticator.ts';

/** Principals that the cluster knows keep the memory's age, so that the first stranger of a quiet cluster is not taken for a start. */
const mapped = 'principals that are mapped';

/** An IAM principal that the cluster does not know tries to enter. Strategy: ./ADS.md */
export const unmappedPrincipal = authenticator.detection({
  id: 'unmapped-principal',
  title: 'Unknown IAM principal at the door',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1078.004'],
  rows: ['D023'],
  next: 'Search CloudTrail for what else this principal did in that hour, and from which address: the authenticator sees none.',
  reads: ['granted', 'denied'],
  when: (event: AuthenticatorEvent) => event.unmapped || event.outcome === 'granted',
  memory: {
    strangers: seenSet({
      id: 'unmapped-principals',
      key: () => [],
      member: (event: AuthenticatorEvent) => (event.unmapped ? event.actor.principal : mapped),
      days: 30,
      warmUpDays: 3,
    }),
  },
  judge: (event, { strangers }) => {
    const { actor, scope } = event;
    if (!event.unmapped || strangers.has(actor.principal)) return undefined;
    const foreign = actor.account !== undefined && scope.account !== '' && actor.account !== scope.account;
    // Whoever comes from another account is told at once: that is no new colleague.
    if (strangers.learning && !foreign) return undefined;
    const known = strangers.size - (strangers.has(mapped) ? 1 : 0);
    const age = String(Math.min(strangers.age, 30));
    return {
      entity: actor,
      summary:
        `${shorten(event.arn)} showed a valid token of IAM and is mapped to nobody in this cluster` +
        `${foreign ? `; it belongs to account ${actor.account ?? ''}, the cluster to ${scope.account}` : `; it was not seen to try in ${age} days`}.`,
      baseline: { 'known strangers': known, 'known for days': age },
      ...(foreign ? { severity: 'medium' } : {}),
    };
  },
});

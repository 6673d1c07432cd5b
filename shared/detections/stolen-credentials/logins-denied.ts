import { authenticator } from '../../detect/kit.ts';
import { peersOf } from '../../knowledge/peers.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuthenticatorEvent } from '../../model/authenticator.ts';

/** One principal is denied access again and again. Strategy: ./ADS.md */
export const loginsDenied = authenticator.threshold({
  id: 'logins-denied',
  title: 'Access denied to one IAM principal again and again',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1110', 'T1078.004'],
  rows: ['D015'],
  next: 'Search CloudTrail for what else this principal did in that hour; a pipeline that was moved is mapped again, a stranger is not.',
  reads: ['denied'],
  when: (event: AuthenticatorEvent) => event.outcome === 'denied',
  count: { by: ({ actor }) => [actor.id], within: peersOf, minutes: 15 },
  limit: { ceiling: 30, profile: { floor: 20, deviations: 8 } },
  judge: ({ actor, arn, error, scope }, { count, limit, minutes, baseline }) => ({
    entity: arn === '' ? { kind: 'cluster', id: scope.cluster, name: scope.cluster } : actor,
    summary:
      `${arn === '' ? 'Callers whom STS does not vouch for were' : `${shorten(arn)} was`} denied access ${String(count)} times ` +
      `within ${String(minutes)} minutes, where ${String(limit)} is the limit; the last answer was: ${shorten(error) || 'no reason is recorded'}.`,
    baseline,
  }),
});

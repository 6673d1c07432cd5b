import { authenticator } from '../../detect/kit.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuthenticatorEvent } from '../../model/authenticator.ts';

/** One role after the other is tried at the door. Strategy: ./ADS.md */
export const principalsDeniedInTurn = authenticator.threshold({
  id: 'principals-denied-in-turn',
  title: 'Many IAM principals that nobody mapped denied in a short time',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1110', 'T1078.004'],
  rows: ['D015'],
  next: 'Search CloudTrail for who assumed these roles one after the other, and revoke that session first.',
  reads: ['denied'],
  when: (event: AuthenticatorEvent) => event.unmapped,
  // Sessions of one role are one attempt: a new team whose role is not mapped yet is many people.
  count: { by: () => [], member: ({ actor }) => actor.principal, minutes: 30 },
  limit: { ceiling: 8, profile: { floor: 4, deviations: 4 } },
  judge: ({ arn, scope }, { count, limit, minutes, baseline }) => ({
    entity: { kind: 'cluster', id: scope.cluster, name: scope.cluster },
    summary:
      `${String(count)} IAM principals that are mapped to nobody were denied access within ${String(minutes)} minutes, ` +
      `where ${String(limit)} is the limit; the last was ${shorten(arn)}.`,
    baseline,
  }),
});

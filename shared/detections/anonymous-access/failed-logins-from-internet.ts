import { audit } from '../../detect/kit.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** From one address of the internet, credentials that are none are shown again and again. Strategy: ./ADS.md */
export const failedLoginsFromInternet = audit.threshold({
  id: 'failed-logins-from-internet',
  title: 'Logins from one public address fail again and again',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1110'],
  rows: ['D015'],
  next: 'Look at whether requests from this address succeeded afterwards, and restrict the public endpoint to your own ranges.',
  // Anything may be asked without a login. Nearly every event ends at the first comparison.
  reads: { verbs: ['*'], resources: ['*'] },
  when: ({ outcome, origin }: AuditEvent) => outcome === 'unauthenticated' && origin.reach === 'public',
  count: { by: ({ origin }) => [origin.address], minutes: 10 },
  limit: { ceiling: 60, profile: { floor: 40, deviations: 8 } },
  judge: ({ origin }, { count, limit, minutes, baseline }) => ({
    entity: { kind: 'address', id: origin.address, name: origin.address },
    summary: `${String(count)} requests from ${origin.address} showed no valid credential within ${String(minutes)} minutes, where ${String(limit)} is the limit.`,
    baseline,
  }),
});

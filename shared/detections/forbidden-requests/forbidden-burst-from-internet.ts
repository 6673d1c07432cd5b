import { audit } from '../../detect/kit.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** From one address of the internet, many things are asked for that the rules refuse. Strategy: ./ADS.md */
export const forbiddenBurstFromInternet = audit.threshold({
  id: 'forbidden-burst-from-internet',
  title: 'Many requests refused to one public address',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1613', 'T1078.004'],
  rows: ['D017'],
  next: 'Find out whose credentials came from this address, and revoke those whose owner is not there.',
  // Anything may be refused. Nearly every event ends at the first comparison.
  reads: { verbs: ['*'], resources: ['*'] },
  // Whoever shows no credential belongs to anonymous probing.
  when: (event: AuditEvent) =>
    event.outcome === 'forbidden' && event.origin.reach === 'public' && event.actor.type !== 'anonymous' && !event.hasDuty('scanner'),
  count: {
    by: ({ origin }) => [origin.address],
    // A client that retries asks the same; somebody who looks around does not.
    member: ({ verb, uri }) => `${verb} ${uri.split('?', 1)[0] ?? ''}`,
    minutes: 30,
  },
  limit: { ceiling: 10 },
  judge: ({ origin, actor }, { count, limit, minutes, baseline }) => ({
    entity: { kind: 'address', id: origin.address, name: origin.address },
    summary:
      `${origin.address} asked for ${String(count)} different things within ${String(minutes)} minutes that its credentials do not allow, ` +
      `where ${String(limit)} is the limit; the last was ${actor.name}.`,
    baseline: { ...baseline, limit },
    // Without Amazon's ranges the address may be that of a NAT gateway, and the caller an operator whose role is too small.
    ...(origin.awsKnown ? {} : { confidence: 'low' }),
  }),
});

import { audit } from '../../detect/kit.ts';
import { isPublicPath } from '../../knowledge/anonymous.ts';
import type { AuditEvent } from '../../model/audit.ts';

const answers: ReadonlySet<number> = new Set([401, 403, 404]);

/**
 * Since Kubernetes 1.32, EKS answers 401 to whoever has no credential, and so it does to one that expired. From inside,
 * where operators retry with an old token all day, that says nothing; from outside it does. Source: Amazon EKS user
 * guide, "Kubernetes versions".
 */
function isProbe({ actor, code, outcome, origin }: AuditEvent): boolean {
  return (
    actor.type === 'anonymous' &&
    answers.has(code) &&
    (outcome !== 'unauthenticated' || origin.reach === 'public' || origin.reach === 'aws')
  );
}

/** One address tries many paths without a credential. Strategy: ./ADS.md */
export const anonymousProbing = audit.threshold({
  id: 'anonymous-probing',
  title: 'API paths tried without a credential',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1595', 'T1613'],
  rows: ['D002'],
  next: 'Look at whether the address was served anything, and restrict the public endpoint to your own ranges.',
  // A scanner asks for anything. Nearly every event ends at the first comparison.
  reads: { verbs: ['*'], resources: ['*'] },
  when: (event: AuditEvent) => isProbe(event) && !isPublicPath(event),
  count: {
    by: ({ origin }) => [origin.address],
    member: ({ uri }) => uri.split('?', 1)[0] ?? '',
    minutes: 10,
  },
  limit: { ceiling: 6 },
  judge: ({ origin }, { count, limit, minutes, baseline }) => {
    const address = origin.address || 'an unknown address';
    const inside = origin.reach === 'private' || origin.reach === 'named';
    return {
      entity: { kind: 'address', id: address, name: address },
      summary:
        `${address} tried ${String(count)} paths of the API without a valid credential within ${String(minutes)} minutes and was refused, ` +
        `where ${String(limit)} is the limit${inside ? '; it is in a network of yours' : ''}.`,
      baseline: { ...baseline, limit },
      // The internet scans every public endpoint; a pod or a colleague's machine has no reason to.
      ...(inside ? { severity: 'medium' } : {}),
    };
  },
});

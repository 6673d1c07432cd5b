import { audit } from '../../detect/kit.ts';
import { askedFor, deedOf } from '../../knowledge/deed.ts';
import { isEksItself } from '../../knowledge/exclusions.ts';
import { privilegeOf } from '../../knowledge/privileged-identity.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** EKS speaks for names of its own only: whoever else it impersonates is worth a look. */
const eksOwnNames = /^eks(?:-[a-z-]+)?:/;

/** Somebody acts as the cluster, a node or an administrator. Strategy: ./ADS.md */
export const privilegedIdentityImpersonated = audit.detection({
  id: 'privileged-identity-impersonated',
  title: 'Privileged identity impersonated',
  severity: 'high',
  confidence: 'high',
  attack: ['T1078'],
  rows: ['D019'],
  next: 'Ask the real caller why it acts as somebody else, and take the right to impersonate away from it if there is no answer.',
  // Whatever is asked, it is asked as another. Nearly every event ends at the first comparison.
  reads: { verbs: ['*'], resources: ['*'] },
  when: (event: AuditEvent) =>
    event.as !== undefined &&
    event.outcome !== 'unauthenticated' &&
    privilegeOf(event.as) !== undefined &&
    !event.hasDuty('administrator') &&
    !(eksOwnNames.test(event.as.username) && isEksItself(event)),
  judge: (event) => {
    const { as } = event;
    const privilege = as && privilegeOf(as);
    if (as === undefined || privilege === undefined) return undefined;
    const refused = event.outcome === 'forbidden';
    return {
      entity: event.actor,
      about: privilege,
      summary:
        `${event.actor.name} from ${event.origin.address || 'an unknown address'} sent ${shorten(askedFor(event))} as ` +
        `${shorten(as.username)}, ${privilege}${refused ? '; it was refused' : ''}.`,
      // Administrators ask what others may do, which is a question only.
      ...(refused || deedOf(event) === 'look' ? { severity: 'low' } : {}),
    };
  },
});

import { audit } from '../../detect/kit.ts';
import { isPublicPath, wasAuthorised } from '../../knowledge/anonymous.ts';
import { askedFor, type Deed, deedOf } from '../../knowledge/deed.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import type { Severity } from '../../model/finding.ts';

const severities: Readonly<Record<Deed, Severity>> = {
  look: 'medium',
  read: 'high',
  credentials: 'critical',
  enter: 'critical',
  change: 'critical',
};

/** The cluster serves somebody who showed no credential. Strategy: ./ADS.md */
export const anonymousRequestAllowed = audit.detection({
  id: 'anonymous-request-allowed',
  title: 'Request without a credential served',
  severity: 'high',
  confidence: 'high',
  attack: ['T1190', 'T1078.001'],
  rows: ['D001'],
  next: 'Find the binding that the evidence names as the reason, and delete its subject `system:anonymous` or `system:unauthenticated`.',
  // Any resource may have been opened. Nearly every event ends at the first comparison.
  reads: { verbs: ['*'], resources: ['*'] },
  when: (event: AuditEvent) => event.actor.type === 'anonymous' && !isPublicPath(event) && wasAuthorised(event),
  judge: (event) => {
    const deed = deedOf(event);
    const reason = event.annotation('authorization.k8s.io/reason');
    return {
      entity: event.actor,
      // The hole and not the visitor: whoever comes through it, it is closed once.
      about: `${deed} ${event.target.resource}`,
      summary:
        `An unauthenticated client at ${event.origin.address || 'an unknown address'} was let through with ${shorten(askedFor(event))}` +
        `${reason === '' ? '' : ` (${shorten(reason, 240)})`}; nobody should be without a credential.`,
      severity: severities[deed],
    };
  },
});

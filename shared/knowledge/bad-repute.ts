import type { Verdict } from '../detect/kit.ts';
import type { AuditEvent } from '../model/audit.ts';
import type { Severity } from '../model/finding.ts';
import { isPublicPath } from './anonymous.ts';
import { askedFor, deedOf } from './deed.ts';
import { callerText } from './origin.ts';
import { shorten, some } from './shorten.ts';

/** A caller that counts from anywhere: one with a good credential, or one who was served without. The internet's knocking is anonymous probing. */
export function isServedOrKnown(event: AuditEvent): boolean {
  if (event.outcome === 'unauthenticated') return false;
  return event.actor.type !== 'anonymous' || (event.allowed && !isPublicPath(event));
}

/** The verdict on a call from an address of bad repute; `what` says which. */
export function badReputeVerdict(event: AuditEvent, what: string): Verdict {
  const deed = deedOf(event);
  const refused = event.outcome === 'forbidden';
  const { forwarded } = event.origin;
  const severity: Severity = event.allowed && deed !== 'look' && deed !== 'read' ? 'critical' : refused ? 'medium' : 'high';
  return {
    entity: event.actor,
    about: event.origin.network,
    summary:
      `${callerText(event)} sent ${shorten(askedFor(event))}${refused ? ', which was refused though the credential was good' : ''}; ` +
      `the address is ${what}${forwarded.length === 0 ? '' : `, and says it forwards for ${some(forwarded)}`}.`,
    severity,
  };
}

import type { ListKind } from '../contract/site.ts';
import type { Verdict } from '../detect/kit.ts';
import type { AuditEvent } from '../model/audit.ts';
import type { Severity } from '../model/finding.ts';
import { isPublicPath } from './anonymous.ts';
import { askedFor, deedOf } from './deed.ts';
import { listingOf, listText } from './listing.ts';
import { callerText } from './origin.ts';
import { shorten, some } from './shorten.ts';

/** A caller that counts from anywhere: one with a good credential, or one who was served without. The internet's knocking is anonymous probing. */
export function isServedOrKnown(event: AuditEvent): boolean {
  if (event.outcome === 'unauthenticated') return false;
  return event.actor.type !== 'anonymous' || (event.allowed && !isPublicPath(event));
}

/** The verdict on a call from an address on a list of this kind; `what` says what such an address is. */
export function badReputeVerdict(event: AuditEvent, kind: ListKind, what: string): Verdict {
  const deed = deedOf(event);
  const refused = event.outcome === 'forbidden';
  const { forwarded, lists } = event.origin;
  const listing = listingOf(lists, kind);
  const severity: Severity = event.allowed && deed !== 'look' && deed !== 'read' ? 'critical' : refused ? 'medium' : 'high';
  return {
    entity: event.actor,
    about: event.origin.network,
    summary:
      `${callerText(event)} sent ${shorten(askedFor(event))}${refused ? ', which was refused though the credential was good' : ''}; ` +
      `the address is ${what}${listing === undefined ? '' : ` (${listText(listing, event.time)})`}${forwarded.length === 0 ? '' : `, and says it forwards for ${some(forwarded)}`}.`,
    severity,
  };
}

import type { ListKind } from '../contract/site.ts';
import type { Attribution, FlowEvent, Peer } from '../model/flow.ts';
import type { Listing } from '../model/listed.ts';
import { listingOf, listText } from './listing.ts';
import { holderText } from './sender.ts';
import { portText } from './service-port.ts';

/** A conversation with an address on a list. */
export interface ListedTraffic {
  readonly listing: Listing;
  /** Whether ours opened it, or tried to. */
  readonly outward: boolean;
  /** Ours, and who had its address. */
  readonly near: Peer;
  readonly holder: Attribution;
  /** The address on the list. */
  readonly far: Peer;
}

/**
 * The end of a conversation that stands on a list of this kind. Absent where neither does, and where the listed end knocked
 * and was refused: such knocking is what a public address lives with, and the refusal what it is there for.
 */
export function listedTraffic({ initiator, responder, from, to, accepted }: FlowEvent, kind: ListKind): ListedTraffic | undefined {
  const called = listingOf(responder.lists, kind);
  if (called !== undefined) return { listing: called, outward: true, near: initiator, holder: from, far: responder };
  const caller = accepted ? listingOf(initiator.lists, kind) : undefined;
  return caller && { listing: caller, outward: false, near: responder, holder: to, far: initiator };
}

/** Who talked to whom, how much, and which list says so; `what` says what such an address is. */
export function listedTrafficText(event: FlowEvent, { listing, outward, near, holder, far }: ListedTraffic, what: string): string {
  const ours = holderText(holder, near.address);
  const port = portText(event);
  const sent = `${String(event.bytes)} bytes`;
  const deed = outward
    ? event.accepted
      ? `${ours} sent ${sent} to ${far.address} on ${port}`
      : `${ours} tried to reach ${far.address} on ${port} and was rejected`
    : `${far.address} was let in to ${ours} on ${port}`;
  return `${deed}; ${far.address} is ${what} (${listText(listing, event.time)}).`;
}

import type { ListKind } from '../contract/site.ts';
import type { Listing } from '../model/listed.ts';
import { day } from '../model/time.ts';
import { shorten } from './shorten.ts';

/** The first list of a kind that an address stands on. */
export function listingOf(lists: readonly Listing[], kind: ListKind): Listing | undefined {
  // Nearly every address is on no list.
  return lists.length === 0 ? undefined : lists.find((listing) => listing.kind === kind);
}

/** A list for text, with its age at a time: addresses change hands, and an old list accuses whoever has them now. */
export function listText({ name, asOf }: Listing, time: number): string {
  const called = `list ${shorten(name)}`;
  if (asOf === undefined) return `${called}, of unknown age`;
  const days = Math.floor((time - asOf) / day);
  const age =
    days < 0 ? 'younger than this event' : days === 0 ? 'less than a day old' : `${String(days)} ${days === 1 ? 'day' : 'days'} old`;
  return `${called} of ${new Date(asOf).toISOString().slice(0, 10)}, ${age}`;
}

import type { SiteSettings } from '../contract/site.ts';
import { type AddressBook, addressBook } from './addresses.ts';
import { type IdentityBook, identityBook } from './identities.ts';
import { type ImageBook, imageBook } from './images.ts';
import { type AddressList, ListShelf } from './listed.ts';

/** What is known about the place that is watched: events are read in its light. */
export interface Site {
  readonly addresses: AddressBook;
  readonly identities: IdentityBook;
  /** Absent where nobody said which images may run. */
  readonly images: ImageBook | undefined;
  /** Whether the operator says that no NetworkPolicy of a namespace is older than what was read of its cluster's audit log. */
  readonly knowsPoliciesOf: (namespace: string) => boolean;
}

/** What people say about a site, with the lists that they name. */
export interface KnownSite extends SiteSettings {
  readonly lists?: readonly AddressList[];
}

/**
 * A site from what is known of it; lists that may be replaced later come on a shelf. Throws on a range that is not CIDR
 * notation: configuration is checked at synth.
 */
export function siteOf(known: KnownSite = {}, shelf = new ListShelf(known.lists, known.awaited)): Site {
  const { networks = {}, identities = [], images, policiesKnown = [] } = known;
  return {
    addresses: addressBook({ vpc: [], named: {}, aws: [], ...networks }, shelf),
    identities: identityBook(identities),
    images: images && imageBook(images),
    knowsPoliciesOf: policiesKnown.includes('*') ? () => true : (namespace) => policiesKnown.includes(namespace),
  };
}

import type { SiteSettings } from '../contract.ts';
import { type AddressBook, addressBook } from './addresses.ts';
import { type IdentityBook, identityBook } from './identities.ts';
import { type ImageBook, imageBook } from './images.ts';

/** What is known about the place that is watched: events are read in its light. */
export interface Site {
  readonly addresses: AddressBook;
  readonly identities: IdentityBook;
  /** Absent where nobody said which images may run. */
  readonly images: ImageBook | undefined;
  /** Whether the operator says that no NetworkPolicy of a namespace is older than what was read of its cluster's audit log. */
  readonly knowsPoliciesOf: (namespace: string) => boolean;
}

/** A site from its settings. Throws on a range that is not CIDR notation: configuration is checked at synth. */
export function siteOf({ networks = {}, lists = {}, identities = [], images, policiesKnown = [] }: SiteSettings = {}): Site {
  return {
    addresses: addressBook({ vpc: [], named: {}, aws: [], ...networks }, lists),
    identities: identityBook(identities),
    images: images && imageBook(images),
    knowsPoliciesOf: policiesKnown.includes('*') ? () => true : (namespace) => policiesKnown.includes(namespace),
  };
}

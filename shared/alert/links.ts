import type { Link, PublishedAlert } from './published.ts';

/** Whose pages alerts link to: AWS's consoles and documentation, and ATT&CK. */
const hosts =
  /^(?:(?:[a-z0-9-]+\.)?console\.aws\.amazon\.com|console\.amazonaws-us-gov\.com|console\.amazonaws\.cn|docs\.aws\.amazon\.com|attack\.mitre\.org)$/;
const mostLinks = 5;
const longestAddress = 3_000;

/** Links that may be shown as links: https, to hosts that we link to, without credentials, in the form that URLs are compared in. */
export function linksOf({ links }: PublishedAlert): readonly Link[] {
  return links
    .flatMap(({ label, url }) => {
      const parsed = URL.parse(url);
      const sound =
        parsed?.protocol === 'https:' &&
        hosts.test(parsed.hostname) &&
        parsed.port === '' &&
        parsed.username === '' &&
        parsed.password === '';
      return sound && parsed.href.length <= longestAddress ? [{ label: label || 'open', url: parsed.href }] : [];
    })
    .slice(0, mostLinks);
}

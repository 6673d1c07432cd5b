/** Program and major version at the head of a user agent. Source: RFC 9110, section 10.1.5, and client-go's `DefaultKubernetesUserAgent`. */
const product = /^([^\s/();,]{1,80})(?:\/v?(\d{1,6}))?/;
/** Numbers that differ from build to build or run to run. */
const generated = /\d[0-9a-f-]{7,}|\d{4,}/g;

/** The family of client a user agent claims: `kubectl/v1.33.2 (linux/amd64)` is `kubectl/1`. Client text: a hint, never proof. */
export function clientFamily(agent: string): string {
  const match = product.exec(agent.trim());
  if (match === null) return 'no user agent';
  const name = (match[1] ?? '').toLowerCase().replace(generated, '#');
  return match[2] === undefined ? name : `${name}/${match[2]}`;
}

import { isIPv6 } from 'node:net';

/** What hands out AWS credentials to whoever asks from the node. */
export type CredentialEndpoint = 'instance metadata service' | 'Pod Identity agent' | 'container credential endpoint';

/** Sources: Amazon EC2 user guide "Instance metadata"; Amazon EKS user guide "EKS Pod Identity agent"; Amazon ECS developer guide. */
const addresses: ReadonlyMap<string, CredentialEndpoint> = new Map([
  ['169.254.169.254', 'instance metadata service'],
  ['[fd00:ec2::254]', 'instance metadata service'],
  ['169.254.170.23', 'Pod Identity agent'],
  ['[fd00:ec2::23]', 'Pod Identity agent'],
  ['169.254.170.2', 'container credential endpoint'],
]);

/** Words that only a request for credentials or metadata contains. */
const words: readonly (readonly [string, CredentialEndpoint])[] = [
  ['/latest/meta-data', 'instance metadata service'],
  ['/latest/user-data', 'instance metadata service'],
  ['/latest/api/token', 'instance metadata service'],
  ['/latest/dynamic/instance-identity', 'instance metadata service'],
  ['x-aws-ec2-metadata-token', 'instance metadata service'],
  ['instance-data.ec2.internal', 'instance metadata service'],
  ['//instance-data', 'instance metadata service'],
  ['ec2-metadata', 'instance metadata service'],
  ['aws_container_credentials_full_uri', 'Pod Identity agent'],
  ['aws_container_authorization_token', 'Pod Identity agent'],
  ['aws_container_credentials_relative_uri', 'container credential endpoint'],
  ['eks-pod-identity-token', 'Pod Identity agent'],
];

/** Anything that may be an address in one of the notations that C libraries take. */
const hostLike = /(?<![\w.:-])\[?[0-9a-fx:.]{3,45}\]?(?![\w-])/g;
/** Looked at per text. */
const mostHosts = 500;

/** The credential endpoint that a lower-cased text asks, whatever notation its address is in. */
export function credentialEndpointIn(text: string): CredentialEndpoint | undefined {
  const word = words.find(([part]) => text.includes(part));
  if (word !== undefined) return word[1];
  let looked = 0;
  for (const [host] of text.matchAll(hostLike)) {
    if (++looked > mostHosts) return undefined;
    const known = addresses.get(plainAddress(host) ?? '');
    if (known !== undefined) return known;
  }
  return [...addresses].find(([address]) => text.includes(address))?.[1];
}

/** An address in its canonical notation; IPv6 in brackets. Absent where the text is no address. */
export function plainAddress(host: string): string | undefined {
  const inner = host.replace(/^\[|\]$|(?<=\]):\d+$/g, '').replace(/\]$/, '');
  if (isIPv6(inner)) return canonicalIPv6(inner);
  return dotted(inner.replace(/:\d{1,5}$/, '').replace(/\.$/, ''));
}

function canonicalIPv6(address: string): string | undefined {
  const canonical = URL.parse(`http://[${address.split('%', 1)[0] ?? ''}]/`)?.hostname;
  const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(canonical ?? '');
  if (mapped === null) return canonical;
  const [high, low] = [parseInt(mapped[1] ?? '', 16), parseInt(mapped[2] ?? '', 16)];
  return bytes(high * 0x10000 + low);
}

/** `inet_aton`: one to four numbers, each decimal, octal or hexadecimal; the last fills the bytes that are left. Source: POSIX, `inet_addr`. */
function dotted(host: string): string | undefined {
  const parts = host.split('.');
  if (parts.length > 4) return undefined;
  const numbers = parts.map((part) => (/^(?:0x[0-9a-f]{1,8}|0[0-7]{1,11}|\d{1,10})$/.test(part) ? numberOf(part) : NaN));
  const last = numbers.pop() ?? NaN;
  if (numbers.some((number) => !(number <= 0xff)) || !(last < 256 ** (4 - numbers.length))) return undefined;
  return bytes(numbers.reduce((sum, number, place) => sum + number * 256 ** (3 - place), last));
}

function numberOf(part: string): number {
  if (part.startsWith('0x')) return parseInt(part.slice(2), 16);
  return part.startsWith('0') && part.length > 1 ? parseInt(part, 8) : Number(part);
}

function bytes(value: number): string {
  return [24, 16, 8, 0].map((shift) => String((value >>> shift) & 0xff)).join('.');
}

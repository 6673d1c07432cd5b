import { isIPv4, isIPv6 } from 'node:net';

const example = 'write a range in CIDR notation, for example 10.0.0.0/16 or 2001:db8::/32';

/** Says what is wrong with a CIDR range, IPv4 or IPv6; nothing when it is sound. */
export function cidrProblem(value: unknown): string | undefined {
  const [, address = '', digits = ''] = typeof value === 'string' ? (/^([^/]+)\/(\d{1,3})$/.exec(value) ?? []) : [];
  const prefix = Number(digits);
  if (isIPv4(address)) return prefix > 32 ? 'an IPv4 prefix length is 0-32' : hostBitsOf(address, prefix);
  if (isIPv6(address) && !address.includes('%')) return prefix > 128 ? 'an IPv6 prefix length is 0-128' : undefined;
  return example;
}

/** Bits after the prefix are most often a typing mistake in one half or the other, and the two would mean different ranges. */
function hostBitsOf(address: string, prefix: number): string | undefined {
  const number = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - prefix);
  const base = number - (number % size);
  if (base === number) return undefined;
  const network = [24, 16, 8, 0].map((shift) => String(Math.floor(base / 2 ** shift) % 256)).join('.');
  return `has bits set after the prefix; write ${network}/${String(prefix)} if that range is meant`;
}

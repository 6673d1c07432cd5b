import { isIP } from 'node:net';
import { numberOf } from '../model/address-number.ts';
import type { AddressRange } from '../model/range-map.ts';

/** A range of addresses without what it stands for. */
export type Range = Omit<AddressRange, 'value'>;

/** A range as feeds write it: an address, CIDR notation, or first and last address with a hyphen. Absent for other text. */
export function rangeIn(text: string): Range | undefined {
  const hyphen = text.indexOf('-');
  return hyphen < 0 ? rangeInCidr(text) : rangeBetween(text.slice(0, hyphen).trim(), text.slice(hyphen + 1).trim());
}

/** The range from one address to another of the same family. */
export function rangeBetween(begin: string, end: string): Range | undefined {
  const [first, last] = [begin, end].map((address) => (address.includes('%') ? undefined : numberOf(address)));
  if (first === undefined || last?.width !== first.width || last.value < first.value) return undefined;
  return { first: first.value, last: last.value, width: first.width };
}

/** The range that an address and the length of a prefix name; the length counts in the family that the text is written in. */
export function rangeOfPrefix(address: string, length: number): Range | undefined {
  const number = address.includes('%') ? undefined : numberOf(address);
  if (number === undefined) return undefined;
  // An IPv4 address written as IPv6 has 96 bits before its own.
  const own = length - (isIP(address) === 6 && number.width === 32 ? 96 : 0);
  if (!Number.isInteger(own) || own < 0 || own > number.width) return undefined;
  const free = BigInt(number.width - own);
  const first = (number.value >> free) << free;
  return { first, last: first + (1n << free) - 1n, width: number.width };
}

/** Whether a range takes in more of the internet than a list may mean: more than a /8, or a /16 of IPv6. */
export function isTooWide({ first, last, width }: Range): boolean {
  // What lies above is multicast or reserved: nobody's address, and on lists of unroutable ranges. Source: RFC 5771, RFC 1112.
  if (width === 32 && first >= 0xe000_0000n) return false;
  return last - first >= 1n << BigInt(width === 32 ? 24 : 112);
}

function rangeInCidr(text: string): Range | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  if (rest.length > 0) return undefined;
  if (prefix === undefined) return rangeBetween(address, address);
  return /^\d{1,3}$/.test(prefix) ? rangeOfPrefix(address, Number(prefix)) : undefined;
}

import { isIP, isIPv4 } from 'node:net';

/** An address as a number, and of which family: 32 bits or 128. */
export interface AddressNumber {
  readonly value: bigint;
  readonly width: 32 | 128;
}

/** An address as a number; absent where the text is none. An IPv4 address written as IPv6 is that IPv4 address. */
export function numberOf(address: string): AddressNumber | undefined {
  if (isIP(address) === 0) return undefined;
  const words = wordsOf(address);
  return { value: words.reduce((value, word) => (value << 32n) | BigInt(word), 0n), width: words.length === 1 ? 32 : 128 };
}

/**
 * The words of 32 bits that an address is made of: one of an IPv4 address, four of an IPv6 address, none of other text. An
 * IPv4 address written as IPv6 has one. Source: RFC 4291, section 2.5.5.2.
 */
export function wordsOf(address: string): readonly number[] {
  const short = ipv4Of(address);
  if (short >= 0) return [short];
  if (isIP(address) === 0) return nothing;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groupsOf(address);
  const last = g * 65_536 + h;
  if (a === 0 && b === 0 && c === 0 && d === 0 && e === 0 && f === 0xffff) return [last];
  return [a * 65_536 + b, c * 65_536 + d, e * 65_536 + f, last];
}

const nothing: readonly number[] = [];

/** An IPv4 address in dotted form as a number, read in one go; negative for anything else. */
function ipv4Of(address: string): number {
  if (address.length > 15) return -1;
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let at = 0; at < address.length; at += 1) {
    const code = address.charCodeAt(at);
    if (code === dot && digits > 0 && dots < 3) {
      value = value * 256 + part;
      part = digits = 0;
      dots += 1;
    } else if (code >= zero && code <= nine && (digits === 0 || part > 0)) {
      part = part * 10 + code - zero;
      digits += 1;
      if (part > 255) return -1;
    } else return -1;
  }
  return dots === 3 && digits > 0 ? value * 256 + part : -1;
}

const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const percent = 0x25;

/** The eight groups of an IPv6 address; the zone, which is no part of the address, is left out. */
export function groupsOf(address: string): readonly number[] {
  const groups = [0, 0, 0, 0, 0, 0, 0, 0];
  let count = 0;
  let gap = -1;
  let digits = 0;
  for (let at = 0; at < address.length; at += 1) {
    const code = address.charCodeAt(at);
    if (code === percent) break;
    if (code === dot) return groupsWithDots(address);
    if (code === colon) {
      if (digits > 0) count += 1;
      digits = 0;
      if (address.charCodeAt(at + 1) === colon) gap = count;
    } else {
      // A digit, or a letter in either case.
      groups[count] = (groups[count] ?? 0) * 16 + (code <= nine ? code - zero : (code & 0x0f) + 9);
      digits += 1;
    }
  }
  if (digits > 0) count += 1;
  if (gap < 0) return groups;
  // What stands behind the two colons belongs at the end.
  for (let moved = 1; moved <= count - gap; moved += 1) {
    groups[8 - moved] = groups[count - moved] ?? 0;
    if (count - moved < 8 - moved) groups[count - moved] = 0;
  }
  return groups;
}

function groupsWithDots(address: string): readonly number[] {
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const before = numbersIn(head);
  if (tail === undefined) return before;
  const after = numbersIn(tail);
  return [...before, ...Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => 0), ...after];
}

function numbersIn(groups: string): number[] {
  if (groups === '') return [];
  return groups.split(':').flatMap((group) => {
    if (!isIPv4(group)) return [parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

import { isIP, isIPv4 } from 'node:net';

/** Bits of an address as a number, and how many there are. */
interface Bits {
  readonly value: bigint;
  readonly width: 32 | 128;
}

/**
 * Addresses and ranges, made for lists of many thousands: a look-up per prefix length in use, of which there are few,
 * however long the list. Node's `BlockList` goes through its members one by one. One address written in two ways is the
 * same address.
 */
export class AddressSet {
  /** By width and prefix length, the leading bits of the members. */
  private readonly members = new Map<string, { readonly width: number; readonly prefix: number; readonly leading: Set<bigint> }>();

  /** Throws on a member that is neither an address nor in CIDR notation: configuration is checked before. */
  constructor(addresses: readonly string[]) {
    for (const member of addresses) {
      const [address = '', length] = member.split('/');
      const bits = bitsOf(address);
      if (bits === undefined) throw new Error(`${member} is no address and no range in CIDR notation`);
      const prefix = length === undefined ? bits.width : Number(length);
      const name = `${String(bits.width)}/${String(prefix)}`;
      const known = this.members.get(name) ?? { width: bits.width, prefix, leading: new Set<bigint>() };
      known.leading.add(bits.value >> BigInt(bits.width - prefix));
      this.members.set(name, known);
    }
  }

  has(address: string): boolean {
    const bits = bitsOf(address);
    if (bits === undefined) return false;
    for (const { width, prefix, leading } of this.members.values()) {
      if (width === bits.width && leading.has(bits.value >> BigInt(width - prefix))) return true;
    }
    return false;
  }
}

function bitsOf(address: string): Bits | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  if (version === 4) return { value: joined(address.split('.').map(Number), 8n), width: 32 };
  const groups = groupsOf(address);
  const value = joined(groups, 16n);
  // An IPv4 address written as IPv6 is that IPv4 address. Source: RFC 4291, section 2.5.5.2.
  return value >> 32n === 0xffffn ? { value: value & 0xffffffffn, width: 32 } : { value, width: 128 };
}

function joined(numbers: readonly number[], width: bigint): bigint {
  return numbers.reduce((value, number) => (value << width) | BigInt(number), 0n);
}

/** The eight groups of an IPv6 address; the zone, which is no part of the address, is left out. */
export function groupsOf(address: string): readonly number[] {
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

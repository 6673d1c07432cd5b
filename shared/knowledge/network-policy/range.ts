import { isIP, isIPv6 } from 'node:net';
import { wordsOf } from '../../model/address-number.ts';
import { at, text } from '../../model/json.ts';
import type { Answer } from './answer.ts';

/** A range of addresses but for others in it. Source: Kubernetes API, `IPBlock`. */
export interface Range {
  readonly text: string;
  readonly within: Prefix;
  readonly except: readonly Prefix[];
}

/** The leading bits that addresses of a range have in common. */
interface Prefix {
  readonly words: readonly number[];
  readonly bits: number;
}

/** Reads an `ipBlock`; absent where any of it is no CIDR notation. */
export function rangeOf(block: unknown): Range | undefined {
  const cidr = text(at(block, 'cidr'));
  const except = at(block, 'except') ?? [];
  if (cidr === undefined || !isRange(cidr) || !Array.isArray(except)) return undefined;
  const exceptions = except.filter((member): member is string => typeof member === 'string' && isRange(member));
  if (exceptions.length < except.length) return undefined;
  const but = exceptions.length === 0 ? '' : ` except ${exceptions.join(', ')}`;
  return { text: `${cidr}${but}`, within: prefixOf(cidr), except: exceptions.map(prefixOf) };
}

/** Whether an address lies in a range: unknown where it is no address. */
export function covers({ within, except }: Range, address: string): Answer {
  const words = wordsOf(address);
  return words.length === 0 ? undefined : begins(words, within) && !except.some((prefix) => begins(words, prefix));
}

function prefixOf(cidr: string): Prefix {
  const [address = '', bits = ''] = cidr.split('/');
  return { words: wordsOf(address), bits: Number(bits) };
}

/** Whether an address has the leading bits; one of the other family has not. */
function begins(words: readonly number[], { words: leading, bits }: Prefix): boolean {
  if (words.length !== leading.length) return false;
  return words.every((word, position) => {
    const left = bits - position * 32;
    if (left <= 0) return true;
    const ignored = 2 ** Math.max(0, 32 - left);
    return Math.floor(word / ignored) === Math.floor((leading[position] ?? 0) / ignored);
  });
}

function isRange(cidr: string): boolean {
  const [address = '', prefix = '', ...rest] = cidr.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix) || isIP(address) === 0 || address.includes('%')) return false;
  // IPv4 written as IPv6 is an IPv4 address, but its prefix is none.
  if (isIPv6(address)) return Number(prefix) <= 128 && !address.includes('.') && !/^(?:0*:)+ffff:/i.test(address);
  return Number(prefix) <= 32;
}

import { isIP, isIPv6 } from 'node:net';
import { AddressSet } from '../../model/address-set.ts';
import { at, text } from '../../model/json.ts';
import type { Answer } from './answer.ts';

/** A range of addresses but for others in it. Source: Kubernetes API, `IPBlock`. */
export interface Range {
  readonly text: string;
  readonly within: AddressSet;
  readonly except: AddressSet;
}

/** Reads an `ipBlock`; absent where any of it is no CIDR notation. */
export function rangeOf(block: unknown): Range | undefined {
  const cidr = text(at(block, 'cidr'));
  const except = at(block, 'except') ?? [];
  if (cidr === undefined || !isRange(cidr) || !Array.isArray(except)) return undefined;
  const exceptions = except.filter((member): member is string => typeof member === 'string' && isRange(member));
  if (exceptions.length < except.length) return undefined;
  const but = exceptions.length === 0 ? '' : ` except ${exceptions.join(', ')}`;
  return { text: `${cidr}${but}`, within: new AddressSet([cidr]), except: new AddressSet(exceptions) };
}

/** Whether an address lies in a range: unknown where it is no address. */
export function covers({ within, except }: Range, address: string): Answer {
  return isIP(address) === 0 ? undefined : within.has(address) && !except.has(address);
}

function isRange(cidr: string): boolean {
  const [address = '', prefix = '', ...rest] = cidr.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix) || isIP(address) === 0 || address.includes('%')) return false;
  // IPv4 written as IPv6 is IPv4 to an address set, but its prefix is not.
  if (isIPv6(address)) return Number(prefix) <= 128 && !address.includes('.') && !/^(?:0*:)+ffff:/i.test(address);
  return Number(prefix) <= 32;
}

import { isIPv6 } from 'node:net';
import { groupsOf } from '../model/address-number.ts';
import type { Peer } from '../model/flow.ts';

/** Whether a named range is one that pods have their addresses from: `pods`, and what begins so where there are several. */
export function isPodRange(range: string): boolean {
  return range.startsWith('pods');
}

/**
 * The neighbourhood of an address among pods: the range that people named, else its /24, of IPv6 its /64, which is a subnet.
 * Source: Amazon VPC user guide, "VPC CIDR blocks".
 */
export function podRangeOf({ address, network }: Peer): string {
  // A name is no address; a /48 holds all subnets of a VPC.
  if (!isIPv6(address) || !network.includes(':')) return network;
  return `${groupsOf(address)
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

import { BlockList, isIP, isIPv6 } from 'node:net';
import type { ListKind, NetworkSettings } from '../contract/site.ts';
import { groupsOf } from './address-number.ts';
import type { Reach } from './entity.ts';
import { type AutonomousSystem, type Listing, ListShelf } from './listed.ts';

/** What is known about addresses: filled from configuration, never from a log line. */
export interface AddressBook {
  /** The named range an address lies in, else its /24 (IPv6: /48), else the text itself. */
  network(address: string): string;
  reach(address: string): Reach;
  /** Names of the ranges that were given one. */
  readonly names: readonly string[];
  /** Lists of bad repute that a public address stands on. */
  listed(address: string): readonly Listing[];
  /** The autonomous system that a public address belongs to, where a list of them was given. */
  system(address: string): AutonomousSystem | undefined;
  /** Kinds of lists there are: an address that stands on none of them may still be on one that was not given. */
  readonly lists: ReadonlySet<ListKind>;
  /** Whether a list of Amazon's public ranges was given: without it a public address may still be Amazon's. */
  readonly knowsAws: boolean;
  /** Changes when lists are replaced: what was said of an address before may be true no longer. */
  readonly edition: number;
}

/** RFC 1918, RFC 6598 (used by EKS custom networking), link-local and unique-local ranges. */
const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', 'fc00::/7', 'fe80::/10'];
const loopbackRanges = ['127.0.0.0/8', '::1/128'];

/** Answers kept, so that a hot address costs one map look-up. */
const rememberedAnswers = 20_000;

/** What is known about one address. */
interface Description {
  readonly network: string;
  readonly reach: Reach;
  readonly lists: readonly Listing[];
  readonly system?: AutonomousSystem | undefined;
}

const none: readonly Listing[] = [];

/** An address book over configured ranges. Throws on a range that is not CIDR notation: configuration is checked at synth. */
export function addressBook(settings: NetworkSettings, shelf = new ListShelf()): AddressBook {
  const named = Object.entries(settings.named).map(([name, range]) => ({ name, ranges: blockList([range]) }));
  const loopback = blockList(loopbackRanges);
  const inside = blockList([...privateRanges, ...settings.vpc]);
  const aws = blockList(settings.aws);

  const describe = (address: string): Description => {
    if (isIP(address) === 0) return { network: address, reach: 'unknown', lists: none };
    const name = named.find(({ ranges }) => contains(ranges, address))?.name;
    const network = name ?? networkOf(address);
    // Feeds hold ranges that nobody may route, too: private ones, which the VPC is made of. A named range is the operator's own word.
    if (contains(loopback, address)) return { network, reach: 'loopback', lists: none };
    if (contains(inside, address)) return { network, reach: 'private', lists: none };
    if (name !== undefined) return { network, reach: 'named', lists: none };
    const { listings, system } = shelf.of(address);
    return { network, reach: contains(aws, address) ? 'aws' : 'public', lists: listings, system };
  };

  const answers = new Map<string, Description>();
  let { edition } = shelf;
  const answer = (address: string): Description => {
    if (edition !== shelf.edition) {
      answers.clear();
      ({ edition } = shelf);
    }
    let known = answers.get(address);
    if (known === undefined) {
      if (answers.size >= rememberedAnswers) answers.clear();
      known = describe(address);
      answers.set(address, known);
    }
    return known;
  };

  return {
    network: (address) => answer(address).network,
    reach: (address) => answer(address).reach,
    names: Object.keys(settings.named),
    listed: (address) => answer(address).lists,
    system: (address) => answer(address).system,
    get lists() {
      return shelf.kinds;
    },
    knowsAws: settings.aws.length > 0,
    get edition() {
      return shelf.edition;
    },
  };
}

/** A range list from CIDR notation; throws on anything else. */
function blockList(ranges: readonly string[]): BlockList {
  const blocks = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix = ''] = range.split('/');
    blocks.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return blocks;
}

function contains(blocks: BlockList, address: string): boolean {
  return blocks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** The /24 of an IPv4 address, the /48 of an IPv6 address. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`;
  return `${groupsOf(address)
    .slice(0, 3)
    .map((group) => group.toString(16))
    .join(':')}::/48`;
}

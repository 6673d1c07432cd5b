import { describe, expect, it } from 'vitest';
import { readList } from '../../shared/lists/reading.ts';
import type { ListKind } from '../../shared/contract/site.ts';
import { addressBook } from '../../shared/model/addresses.ts';
import { destinationOf, destinationText } from '../../shared/model/destination.ts';
import type { Peer } from '../../shared/model/flow.ts';
import { type AddressList, ListShelf } from '../../shared/model/listed.ts';
import { siteOf } from '../../shared/model/site.ts';
import { switchedOff } from '../../shared/detect/needs.ts';
import { catalogue } from '../../shared/detect/registry.ts';

const listOf = (kind: ListKind, lines: readonly string[], name: string = kind): AddressList => ({
  name,
  kind,
  ...readList(kind, lines.join('\n')),
});

const own = { vpc: ['203.0.113.128/25'], named: { office: '192.0.2.0/24' }, aws: ['198.51.100.0/24'] };

describe('what is known about an address', () => {
  const book = addressBook(
    own,
    new ListShelf([
      listOf('tor', ['203.0.113.9', '192.0.2.7', '10.0.0.0/8', '203.0.113.200', '127.0.0.1']),
      listOf('threat', ['203.0.113.0/24', '198.51.100.7']),
    ]),
  );

  it('is the lists it stands on, if it is nobody’s here', () => {
    const kinds = (address: string) => book.listed(address).map(({ kind }) => kind);
    expect(kinds('203.0.113.9')).toEqual(['tor', 'threat']);
    expect(kinds('198.51.100.7')).toEqual(['threat']);
    for (const inside of ['192.0.2.7', '10.1.2.3', '::ffff:10.1.2.3', '203.0.113.200', '127.0.0.1', 'eks.amazonaws.com', ''])
      expect(kinds(inside)).toEqual([]);
    expect([...book.lists]).toEqual(['tor', 'threat']);
    expect(addressBook({ vpc: [], named: {}, aws: [] }).lists.size).toBe(0);
  });

  it('says which list, and of when', () => {
    const dated = { ...listOf('threat', ['203.0.113.9'], 'feed of the week'), asOf: 1_774_000_000_000 };
    expect(addressBook(own, new ListShelf([dated])).listed('203.0.113.9')).toEqual([
      { name: 'feed of the week', kind: 'threat', asOf: 1_774_000_000_000 },
    ]);
  });

  it('is asked anew when lists are replaced', () => {
    const shelf = new ListShelf([listOf('tor', ['203.0.113.9'])]);
    const changing = addressBook(own, shelf);
    expect(changing.listed('203.0.113.9')).toHaveLength(1);
    shelf.replace([listOf('tor', ['203.0.113.10'])]);
    expect(changing.listed('203.0.113.9')).toEqual([]);
    expect(changing.listed('203.0.113.10')).toHaveLength(1);
  });
});

describe('a destination', () => {
  const shelf = new ListShelf([
    listOf('as', ['203.0.113.0/24,64500,Example Hosting', '198.51.100.0/24,64501', '10.0.0.0/8,64502', '192.0.2.0/24,64503']),
  ]);
  const peer = (address: string, service = '', book = addressBook(own, shelf)): Peer => ({
    address,
    service,
    network: book.network(address),
    reach: book.reach(address),
    lists: book.listed(address),
    system: book.system(address),
  });

  it('is the autonomous system, whose name may change, where a list tells it', () => {
    expect(destinationOf(peer('203.0.113.9'))).toBe('AS64500');
    expect(destinationText(peer('203.0.113.9'))).toBe('AS64500, Example Hosting');
    expect(destinationText(peer('198.51.100.7'))).toBe('AS64501');
  });

  it('is the service of AWS before that', () => {
    expect(destinationOf(peer('198.51.100.7', 'S3'))).toBe('AWS S3');
    expect(destinationText(peer('203.0.113.9', 'S3'))).toBe('AWS S3');
  });

  it('is the network where no list tells, and inside', () => {
    expect(destinationOf(peer('2001:db8::1'))).toBe('2001:db8:0::/48');
    expect(destinationText(peer('2001:db8::1'))).toBe('2001:db8:0::/48');
    expect(destinationOf(peer('203.0.113.9', '', addressBook(own)))).toBe('203.0.113.0/24');
    expect(destinationOf(peer('10.1.2.3'))).toBe('10.1.2.0/24');
    expect(destinationOf(peer('192.0.2.7'))).toBe('office');
  });
});

describe('a detection that needs a list', () => {
  const offAt = (...site: Parameters<typeof siteOf>) =>
    switchedOff(catalogue, [], siteOf(...site)).flatMap(({ needs }) => needs.filter((need) => need.startsWith('list:')));

  it('is off without it, and says which', () => {
    expect(new Set(offAt())).toEqual(new Set(['list:tor', 'list:threat', 'list:mining']));
  });

  it('is on with it, and while it is awaited', () => {
    expect(new Set(offAt({ lists: [listOf('tor', ['203.0.113.9'], 'exits')] }))).toEqual(new Set(['list:threat', 'list:mining']));
    expect(new Set(offAt({ awaited: ['tor', 'threat', 'mining'] }))).toEqual(new Set());
  });
});

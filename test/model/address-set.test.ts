import { describe, expect, it, test } from 'vitest';
import { isAddressOrRange, readAddressList } from '../../shared/address-list.ts';
import { AddressSet } from '../../shared/model/address-set.ts';
import { addressBook } from '../../shared/model/addresses.ts';
import { cpuTime } from '../support/cpu.ts';

describe('a set of addresses', () => {
  const set = new AddressSet(['203.0.113.9', '198.51.100.0/25', '2001:db8:66::/48', '2001:db8::1', '192.0.2.128/26']);

  test.each([
    '203.0.113.9',
    '198.51.100.127',
    '2001:db8:66:1::7',
    '2001:DB8:0:0::1',
    '::ffff:203.0.113.9',
    '::ffff:cb00:7109',
    '192.0.2.191',
  ])('holds %s', (address) => {
    expect(set.has(address)).toBe(true);
  });

  test.each(['203.0.113.90', '198.51.100.128', '2001:db8:67::7', '2001:db8::2', '192.0.2.192', '', 'x', '203.0.113.9/32', '::'])(
    'does not hold %s',
    (address) => {
      expect(set.has(address)).toBe(false);
    },
  );

  it('may hold everything', () => {
    expect(new AddressSet(['0.0.0.0/0']).has('203.0.113.9')).toBe(true);
    expect(new AddressSet(['0.0.0.0/0']).has('2001:db8::1')).toBe(false);
    expect(new AddressSet(['::/0']).has('2001:db8::1')).toBe(true);
  });

  it('takes no longer for a hundred thousand members than for a few', () => {
    const long = new AddressSet(
      Array.from({ length: 100_000 }, (_, index) => `100.${String(index >> 16)}.${String((index >> 8) & 255)}.${String(index & 255)}`),
    );
    const time = cpuTime(() => {
      for (let index = 0; index < 10_000; index += 1) long.has('203.0.113.9');
    });
    expect(time).toBeLessThan(500);
  });
});

describe('what is known about an address', () => {
  const book = addressBook(
    { vpc: ['203.0.113.128/25'], named: { office: '192.0.2.0/24' }, aws: ['198.51.100.0/24'] },
    { tor: ['203.0.113.9', '192.0.2.7', '10.0.0.0/8', '203.0.113.200', '127.0.0.1'], threat: ['203.0.113.0/24', '198.51.100.7'] },
  );

  it('is the lists it stands on, if it is nobody’s here', () => {
    expect(book.listed('203.0.113.9')).toEqual(['tor', 'threat']);
    expect(book.listed('198.51.100.7')).toEqual(['threat']);
    for (const own of ['192.0.2.7', '10.1.2.3', '203.0.113.200', '127.0.0.1', 'eks.amazonaws.com', ''])
      expect(book.listed(own)).toEqual([]);
    expect([...book.lists]).toEqual(['tor', 'threat']);
    expect(addressBook({ vpc: [], named: {}, aws: [] }).lists.size).toBe(0);
  });
});

describe('a file of addresses', () => {
  it('has one a line, with comments', () => {
    expect(readAddressList('# feed\r\n203.0.113.9\r\n198.51.100.0/25 ; SBL1\n\n2001:db8::/32#x\n203.0.113.9\n')).toEqual({
      addresses: ['203.0.113.9', '198.51.100.0/25', '2001:db8::/32'],
      problems: [],
    });
  });

  it('that is something else is told with its first lines', () => {
    const { addresses, problems } = readAddressList('<!doctype html>\n'.repeat(100));
    expect(addresses).toEqual([]);
    expect(problems).toHaveLength(5);
    expect(problems[0]).toBe('line 1: <!doctype html> is no address and no range in CIDR notation');
  });

  it.each(['', '1.2.3', '1.2.3.4/', '1.2.3.4/33', '1.2.3.4/-1', '1.2.3.4/8/8', '::/129', 'fe80::1%eth0', ' 1.2.3.4'])(
    'holds no %j',
    (entry) => {
      expect(isAddressOrRange(entry)).toBe(false);
    },
  );
});

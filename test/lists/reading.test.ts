import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listText } from '../../shared/lists/list-text.ts';
import { rangeIn } from '../../shared/lists/range-text.ts';
import { checkFetched, readList, wrongWith } from '../../shared/lists/reading.ts';
import { UnusableList } from '../../shared/lists/unusable.ts';
import { listKinds } from '../../shared/contract/site.ts';
import { addressBook } from '../../shared/model/addresses.ts';
import { ListShelf } from '../../shared/model/listed.ts';

describe('a list of addresses', () => {
  it('has one a line, with comments', () => {
    const { ranges, lines, problems } = readList(
      'threat',
      '\uFEFF# feed\r\n203.0.113.9\r\n198.51.100.0/25 ; SBL1\n\n2001:db8::/32#x\n203.0.113.9\n192.0.2.1 - 192.0.2.3',
    );
    for (const listed of ['203.0.113.9', '198.51.100.5', '2001:db8:7::1', '192.0.2.2']) expect(ranges.find(listed)).toBe(0);
    expect({ size: ranges.size, lines, problems }).toEqual({ size: 4, lines: 5, problems: [] });
  });

  it('that is something else is told with its first lines', () => {
    const read = readList('tor', '<!doctype html>\n'.repeat(100));
    expect(read.ranges.size).toBe(0);
    expect(read.problems).toHaveLength(5);
    expect(read.problems[0]).toBe('line 1: <!doctype html> is no address and no range in CIDR notation');
    expect(wrongWith('tor', read)).toContain('line 1:');
    expect(() => {
      checkFetched(read);
    }).toThrow(UnusableList);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4/',
    '1.2.3.4/33',
    '1.2.3.4/-1',
    '1.2.3.4/8/8',
    '::/129',
    'fe80::1%eth0',
    ' 1.2.3.4',
    '1.2.3.4-::1',
    '2.0.0.0-1.0.0.0',
  ])('holds no %j', (entry) => {
    expect(rangeIn(entry)).toBeUndefined();
  });

  it('may not stand for a large part of the internet, but for what is nobody’s', () => {
    for (const wide of ['0.0.0.0/0', '64.0.0.0/7', '::/0', '2000::/3', '1.0.0.0-200.0.0.0'])
      expect(readList('threat', wide).problems).toEqual([`line 1: ${wide} is too large a part of the internet to be meant`]);
    expect(readList('threat', '224.0.0.0/3\n192.0.0.0/8').problems).toEqual([]);
  });

  it('of an address that was written as IPv6 is of that address', () => {
    expect(readList('threat', '::ffff:203.0.113.0/120').ranges.find('203.0.113.77')).toBe(0);
    expect(readList('threat', '::ffff:203.0.113.9').ranges.find('203.0.113.9')).toBe(0);
    expect(rangeIn('::ffff:0:0/95')).toBeUndefined();
  });

  it('that came compressed is the same, and damaged it is none', () => {
    const zipped = gzipSync('203.0.113.9\n');
    expect(listText(zipped)).toBe('203.0.113.9\n');
    expect(listText(Buffer.from('203.0.113.9\n'))).toBe('203.0.113.9\n');
    expect(() => listText(zipped.subarray(0, 20))).toThrow(UnusableList);
  });

  it('with a few odd lines is used when it is fetched, and refused when it is typed', () => {
    const read = readList('threat', `${Array.from({ length: 30 }, (_, index) => `203.0.113.${String(index)}`).join('\n')}\nend of list`);
    expect(() => {
      checkFetched(read);
    }).not.toThrow();
    expect(wrongWith('threat', read)).toContain('end of list');
  });
});

describe('a list of autonomous systems', () => {
  const systemOf = (text: string, address: string): unknown => {
    const { ranges, systems } = readList('as', text);
    return systems[ranges.find(address)];
  };

  it.each([
    ['first, last, number, country and name, with tabs', '203.0.113.0\t203.0.113.255\t64500\tDE\tEXAMPLE-NET - Example, Inc.'],
    ['the same for IPv6', '2001:db8::\t2001:db8:ffff:ffff:ffff:ffff:ffff:ffff\t64500\tNone\tEXAMPLE-NET - Example, Inc.'],
    ['the same with commas', '203.0.113.0,203.0.113.255,64500,DE,"EXAMPLE-NET - Example, Inc."'],
    ['range, number and quoted name under a heading', 'network,number,organization\n203.0.113.0/24,64500,"EXAMPLE-NET - Example, Inc."'],
    ['range and number with a prefix', '203.0.113.0/24,AS64500,"EXAMPLE-NET - Example, Inc."'],
  ])('is a table: %s', (_, text) => {
    const address = text.includes('db8') ? '2001:db8::9' : '203.0.113.9';
    expect(systemOf(text, address)).toEqual({ number: 64500, name: 'EXAMPLE-NET - Example, Inc.' });
  });

  it.each(['203.0.113.0\t24\t64500', '203.0.113.0/24 , 64500', '203.0.113.0\t24\t64500_64501', '203.0.113.0\t24\t64500,64502'])(
    '%j has no name',
    (text) => {
      expect(systemOf(text, '203.0.113.9')).toEqual({ number: 64500, name: '' });
    },
  );

  it('leaves out what is not routed', () => {
    expect(systemOf('203.0.113.0\t203.0.113.255\t0\tNone\tNot routed', '203.0.113.9')).toBeUndefined();
  });

  it('holds of nested ranges the inner one', () => {
    const text = '203.0.113.0/24,64500,Outer\n203.0.113.64/26,64501,Inner\n203.0.113.96/27,64500,Outer';
    const at = (host: number) => (systemOf(text, `203.0.113.${String(host)}`) as { number: number }).number;
    expect([1, 64, 95, 96, 127, 128].map(at)).toEqual([64500, 64501, 64501, 64500, 64500, 64500]);
  });

  it('keeps of a name what fits on a line', () => {
    expect(systemOf(`203.0.113.0/24,64500,"a\u0007\u202e  ""b"" ${'x'.repeat(500)}"`, '203.0.113.9')).toEqual({
      number: 64500,
      name: `a "b" ${'x'.repeat(58)}`,
    });
  });

  it('with a number there cannot be has one row less', () => {
    for (const number of ['4294967296', '-1', '', 'AS', '1e3', 'constructor'])
      expect(readList('as', `203.0.113.0/24,1\n198.51.100.0/24,${number}`).unreadable).toBe(1);
  });
});

describe('a hostile list', () => {
  const entry = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: -2, max: 140 })).map(([address, length]) => `${address}/${String(length)}`),
    fc.tuple(fc.ipV4(), fc.ipV4()).map((both) => both.join('-')),
    fc.tuple(fc.ipV4(), fc.ipV4(), fc.nat(), fc.string(), fc.string()).map((fields) => fields.join('\t')),
    fc.tuple(fc.ipV6(), fc.string(), fc.string()).map((fields) => fields.join(',')),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '10.0.0.0/8',
      '0.0.0.0/8',
      '172.16.0.0-172.31.255.255',
      '::ffff:10.0.0.0/104',
      'fc00::/7',
      '127.0.0.0/8',
      '__proto__',
      '\0',
    ),
  );
  const file = fc.array(entry, { maxLength: 30 }).chain((lines) => fc.constantFrom('\n', '\r\n', '\n\n').map((end) => lines.join(end)));
  const inside = fc.oneof(
    fc.ipV4().map((address) => address.replace(/^\d+/, '10')),
    fc.constantFrom('192.168.1.1', '172.16.0.1', '127.0.0.1', 'fd00::1', '::1', '::ffff:10.0.0.1', '203.0.113.200', '100.64.0.1'),
  );

  it('is read to the end or refused, and never stands for an address inside', () => {
    fc.assert(
      fc.property(fc.constantFrom(...listKinds), file, inside, (kind, text, address) => {
        const { ranges, systems, problems } = readList(kind, listText(Buffer.from(text)));
        expect(problems.length).toBeLessThanOrEqual(5);
        const book = addressBook(
          { vpc: ['203.0.113.128/25'], named: {}, aws: [] },
          new ListShelf([{ name: 'hostile', kind, ranges, systems }]),
        );
        expect(book.listed(address)).toEqual([]);
        expect(book.system(address)).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it('of bytes that are no text comes out unusable', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2_000 }), fc.constantFrom(...listKinds), (bytes, kind) => {
        try {
          checkFetched(readList(kind, listText(bytes)));
        } catch (error) {
          expect(error).toBeInstanceOf(UnusableList);
        }
      }),
    );
  });

  it('in one line of ten million characters costs no more than a line', () => {
    const { ranges, problems } = readList('threat', `${'9'.repeat(10_000_000)}\n203.0.113.9`);
    expect(ranges.size).toBe(1);
    expect(problems[0]!.length).toBeLessThan(200);
  });
});

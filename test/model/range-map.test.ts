import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { rangeIn } from '../../shared/lists/range-text.ts';
import { numberOf, wordsOf } from '../../shared/model/address-number.ts';
import { type AddressRange, RangeMap } from '../../shared/model/range-map.ts';
import { cpuTime } from '../support/cpu.ts';

function mapOf(...ranges: readonly string[]): RangeMap {
  return RangeMap.of(ranges.map((text) => ({ ...rangeIn(text)!, value: 0 })));
}

const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => String((value >>> shift) & 255)).join('.');
const grouped = (low: number): string => `2001:db8::${(low >>> 16).toString(16)}:${(low & 0xffff).toString(16)}`;

describe('a set of addresses', () => {
  const set = mapOf('203.0.113.9', '198.51.100.0/25', '2001:db8:66::/48', '2001:db8::1', '192.0.2.128/26', '233.252.0.3-233.252.0.5');

  test.each([
    '203.0.113.9',
    '198.51.100.127',
    '2001:db8:66:1::7',
    '2001:DB8:0:0::1',
    '::ffff:203.0.113.9',
    '::ffff:cb00:7109',
    '192.0.2.191',
    '233.252.0.3',
    '233.252.0.5',
  ])('holds %s', (address) => {
    expect(set.find(address)).toBe(0);
  });

  test.each([
    ...['203.0.113.90', '198.51.100.128', '2001:db8:67::7', '2001:db8::2', '192.0.2.192', '', 'x', '203.0.113.9/32', '::'],
    ...['233.252.0.2', '233.252.0.6', '203.0.113', '203.0.113.9.1', '203.0.113.09', '203.0.113.256', '-1.0.0.0', '1..2.3'],
  ])('does not hold %s', (address) => {
    expect(set.find(address)).toBe(-1);
  });

  it('may hold everything', () => {
    expect(mapOf('0.0.0.0/0').find('203.0.113.9')).toBe(0);
    expect(mapOf('0.0.0.0/0').find('255.255.255.255')).toBe(0);
    expect(mapOf('0.0.0.0/0').find('2001:db8::1')).toBe(-1);
    expect(mapOf('::/0').find('2001:db8::1')).toBe(0);
    expect(mapOf('::/0').find('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')).toBe(0);
  });

  it('takes no longer for a hundred thousand members than for a few', () => {
    const long = mapOf(
      ...Array.from(
        { length: 100_000 },
        (_, index) => `100.${String(index >> 15)}.${String((index >> 7) & 255)}.${String((index & 127) * 2)}`,
      ),
    );
    expect(long.size).toBe(100_000);
    const time = cpuTime(() => {
      for (let index = 0; index < 10_000; index += 1) long.find('203.0.113.9');
    });
    expect(time).toBeLessThan(500);
  });

  it('is as large as what it says, not as its entries', () => {
    expect(mapOf('203.0.113.0/25', '203.0.113.128/25', '203.0.113.7', '203.0.113.0/24').size).toBe(1);
  });
});

describe('a map of ranges', () => {
  const width = fc.constantFrom(32 as const, 128 as const);
  const base = { 32: numberOf('203.0.112.0')!.value, 128: numberOf('2001:db8::')!.value };
  const range = fc
    .record({ width, at: fc.nat(200), length: fc.nat(60), value: fc.nat(4) })
    .map(({ width: family, at, length, value }): AddressRange => {
      const first = base[family] + BigInt(at);
      return { first, last: first + BigInt(length), width: family, value };
    });
  const address = fc.tuple(width, fc.nat(270)).map(([family, at]) => (family === 32 ? dotted(Number(base[32]) + at) : grouped(at)));

  it('answers with the range that begins last, of those the narrowest, of those the last', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 12 }), address, (ranges, asked) => {
        const { value, width: family } = numberOf(asked)!;
        const holding = ranges.filter((each) => each.width === family && each.first <= value && value <= each.last);
        const best = holding.reduce<AddressRange | undefined>((known, each) => {
          if (known === undefined) return each;
          if (each.first !== known.first) return each.first > known.first ? each : known;
          return each.last <= known.last ? each : known;
        }, undefined);
        expect(RangeMap.of(ranges).find(asked)).toBe(best?.value ?? -1);
      }),
      { numRuns: 2_000 },
    );
  });

  it('answers the same however its ranges are split', () => {
    fc.assert(
      fc.property(range, fc.nat(60), address, (whole, cut, asked) => {
        const middle = whole.first + BigInt(cut);
        const parts =
          middle < whole.last
            ? [
                { ...whole, last: middle },
                { ...whole, first: middle + 1n },
              ]
            : [whole];
        expect(RangeMap.of(parts)).toEqual(RangeMap.of([whole]));
        expect(RangeMap.of(parts).find(asked)).toBe(RangeMap.of([whole]).find(asked));
      }),
    );
  });
});

describe('an address as words', () => {
  it('is the number that it is', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(wordsOf(text)).toEqual([text.split('.').reduce((value, part) => value * 256 + Number(part), 0)]);
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const [head = '', tail = ''] = new URL(`http://[${text}]/`).hostname.slice(1, -1).split('::');
        const [before, after] = [head, tail].map((groups) => groups.split(':').filter((group) => group !== ''));
        const groups = [...before!, ...Array<string>(8 - before!.length - after!.length).fill('0'), ...after!];
        const value = BigInt(`0x${groups.map((group) => group.padStart(4, '0')).join('')}`);
        const short = value >> 32n === 0xffffn;
        expect(numberOf(text)).toEqual({ value: short ? value & 0xffff_ffffn : value, width: short ? 32 : 128 });
      }),
    );
  });

  it('is nothing for other text', () => {
    for (const text of ['', 'x', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.4 ', ':::', '1:2', 'constructor'])
      expect(wordsOf(text)).toEqual([]);
  });
});

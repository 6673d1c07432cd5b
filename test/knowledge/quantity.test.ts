import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loosenings, looseningText, quantity } from '../../shared/knowledge/quantity.ts';

describe('quantities', () => {
  it.each([
    ['0', 0],
    ['500m', 0.5],
    ['100n', 1e-7],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['2Ki', 2048],
    ['1Gi', 2 ** 30],
    ['1G', 1e9],
    ['1E', 1e18],
    ['1E3', 1e3],
    ['12e6', 12e6],
    ['-1', -1],
    [4, 4],
  ])('%s is %d', (text, value) => {
    expect(quantity(text)).toBe(value);
  });

  it.each(['', 'many', '1 Gi', '1gi', '0x10', '1e', '1mi', null, undefined, {}, NaN])('%j is none', (value) => {
    expect(quantity(value)).toBeUndefined();
  });

  it('mean the same in every unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (amount) => {
        expect(quantity(`${String(amount)}000m`)).toBe(amount);
        expect(quantity(`${String(amount)}Mi`)).toBe(quantity(`${String(amount * 1024)}Ki`));
        expect(quantity(`${String(amount)}k`)).toBe(quantity(`${String(amount)}e3`));
      }),
    );
  });
});

describe('loosenings', () => {
  const limits = fc.dictionary(fc.constantFrom('cpu', 'memory', 'pods'), fc.constantFrom('1', '2', '500m', '1Gi', '1024Mi', 'odd'), {
    noNullPrototype: true,
  });

  it('are none between equal limits, and none where a limit is new', () => {
    fc.assert(
      fc.property(limits, (some) => {
        expect(loosenings(some, some)).toEqual([]);
        expect(loosenings({}, some)).toEqual([]);
      }),
    );
  });

  it('name every limit that is gone', () => {
    fc.assert(
      fc.property(limits, (some) => {
        expect(loosenings(some, {}).map(({ name }) => name)).toEqual(Object.keys(some));
      }),
    );
  });

  it('begin at the factor', () => {
    expect(loosenings({ cpu: '500m' }, { cpu: '1999m' }, 4)).toEqual([]);
    expect(loosenings({ cpu: '500m' }, { cpu: '2' }, 4).map(looseningText)).toEqual(['cpu 500m → 2']);
    expect(loosenings({ memory: '1Gi' }, { memory: '1024Mi' })).toEqual([]);
    expect(loosenings({ pods: '0' }, { pods: '10' }, 4)).toHaveLength(1);
    expect(loosenings({ constructor: '1' }, {}).map(looseningText)).toEqual(['constructor 1 → unlimited']);
  });
});

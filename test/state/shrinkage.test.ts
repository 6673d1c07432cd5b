import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileFrom, type Spread, type Whose } from '../../shared/state/profile.ts';
import { blend, evenWindows, type Habit, habitAt, limitOf, weightOf } from '../../shared/state/shrinkage.ts';
import { relativeError, sampleOf, Sketch, spreadOf, type Tally } from '../../shared/state/sketch.ts';

const counts = fc.array(fc.integer({ min: 1, max: 30_720 }), { maxLength: 60 });
const tallyOf = (some: readonly number[]): Tally => {
  const tally = new Map<number, number>();
  for (const count of some) tally.set(count, (tally.get(count) ?? 0) + 1);
  return tally;
};
const sketchOf = (some: readonly number[]): Sketch => {
  const sketch = new Sketch();
  for (const count of some) sketch.add(count);
  return sketch;
};
const joined = (...sketches: readonly Sketch[]): Sketch => {
  const sum = new Sketch();
  for (const sketch of sketches) sum.join(sketch);
  return sum;
};
const same = (one: Sketch, other: Sketch): void => {
  expect(JSON.stringify(one)).toBe(JSON.stringify(other));
};

describe('a sketch', () => {
  it('of all is the join of the sketches of parts, in any order and grouping', () => {
    fc.assert(
      fc.property(counts, counts, counts, (a, b, c) => {
        const [one, two, three] = [sketchOf(a), sketchOf(b), sketchOf(c)];
        same(joined(one, two), joined(two, one));
        same(joined(joined(one, two), three), joined(one, joined(two, three)));
        same(joined(one, two, three), sketchOf([...c, ...a, ...b]));
        same(joined(one, new Sketch()), one);
      }),
    );
  });

  it('tells a count but for the stated error, small ones exactly, and the largest in any case', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (count) => {
        const { median, max } = sketchOf([count]).spread();
        expect(Math.abs(median - count)).toBeLessThanOrEqual(count * relativeError);
        if (count < 64) expect(median).toBe(count);
        expect(max).toBe(count);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 63 }), { minLength: 1, maxLength: 60 }), (some) => {
        expect(sketchOf(some).spread()).toEqual(spreadOf(tallyOf(some)));
      }),
    );
  });

  it('finds the median of many within the stated error', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30_720 }), { minLength: 1, maxLength: 60 }), (some) => {
        const { median, windows } = spreadOf(tallyOf(some));
        const sketched = sketchOf(some).spread();
        expect(Math.abs(sketched.median - median)).toBeLessThanOrEqual(median * relativeError);
        expect(sketched.windows).toBe(windows);
      }),
    );
  });

  it('is the same after it was stored', () => {
    fc.assert(
      fc.property(counts, (some) => {
        same(Sketch.from(JSON.parse(JSON.stringify(sketchOf(some))) as number[]), sketchOf(some));
      }),
    );
  });
});

describe('a sample', () => {
  it('is everything where that is not much, and else lies as the whole does', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 20 }), (some, most) => {
        const sample = sampleOf(tallyOf(some), most);
        const sorted = some.toSorted((one, other) => one - other);
        if (some.length <= most) expect(sample).toEqual(sorted);
        else expect(sample).toEqual(Array.from({ length: most }, (_, share) => sorted[Math.floor(((share + 0.5) * some.length) / most)]));
      }),
    );
  });
});

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const habit: fc.Arbitrary<Habit> = fc.record({
  windows: fc.integer({ min: 1, max: 5_000 }),
  median: number(0, 500),
  deviation: number(1, 100),
  most: fc.integer({ min: 1, max: 1_000 }),
});
const deviations = number(1, 10);
const ceiling = fc.integer({ min: 1, max: 1_000 });
const parents = fc.record({ group: fc.option(habit), cluster: fc.option(habit), fleet: fc.option(habit) });
type Parents = typeof parents extends fc.Arbitrary<infer P> ? P : never;
const line = (own: Habit | undefined, { group, cluster, fleet }: Parents): (readonly [Whose, Habit | undefined])[] => [
  ['own', own],
  ['group', group ?? undefined],
  ['cluster', cluster ?? undefined],
  ['fleet', fleet ?? undefined],
];
const limit = (of: (readonly [Whose, Habit | undefined])[], times: number, most: number): number => {
  const known = blend(of);
  return known === undefined ? most : limitOf(known, times, most);
};
const ownLimit = ({ median, deviation }: Habit, times: number): number => median + times * deviation;
const inherited = (of: (readonly [Whose, Habit | undefined])[]): number =>
  1 - (blend(of)?.voices.find(({ whose }) => whose === 'own')?.share ?? 0);

describe('a counter', () => {
  it('speaks for itself the more, the longer it is known, and in the end alone', () => {
    fc.assert(
      fc.property(fc.nat({ max: 100_000 }), (windows) => {
        expect(weightOf(windows + 1)).toBeGreaterThan(weightOf(windows));
        expect(weightOf(windows)).toBeLessThan(1);
      }),
    );
    expect(weightOf(0)).toBe(0);
    expect(weightOf(evenWindows)).toBe(0.5);
    expect(weightOf(evenWindows * 1e6)).toBeCloseTo(1, 5);
    fc.assert(
      fc.property(habit, parents, deviations, ceiling, (own, some, times, most) => {
        const old = { ...own, windows: 1e12 };
        expect(limit(line(old, some), times, most)).toBeCloseTo(ownLimit(old, times), 3);
      }),
    );
  });

  it('never inherits more because more is known of it', () => {
    fc.assert(
      fc.property(habit, parents, fc.nat({ max: 1_000 }), (own, some, more) => {
        expect(inherited(line({ ...own, windows: own.windows + more }, some))).toBeLessThanOrEqual(inherited(line(own, some)));
      }),
    );
  });

  it('has a limit between its own and what its parents say', () => {
    fc.assert(
      fc.property(habit, parents, deviations, ceiling, (own, some, times, most) => {
        const [mine, theirs] = [ownLimit(own, times), limit(line(undefined, some), times, most)];
        const blended = limit(line(own, some), times, most);
        expect(blended).toBeGreaterThanOrEqual(Math.min(mine, theirs) - 1e-6);
        expect(blended).toBeLessThanOrEqual(Math.max(mine, theirs) + 1e-6);
      }),
    );
  });

  it('of which nobody knows anything has its ceiling', () => {
    expect(blend(line(undefined, { group: null, cluster: null, fleet: null }))).toBeUndefined();
    fc.assert(
      fc.property(parents, (some) => {
        const known = blend(line(undefined, some));
        const shares = (known?.voices ?? []).reduce((sum, { share }) => sum + share, known?.unknown ?? 1);
        expect(shares).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('a habit at a time', () => {
  const night = Date.parse('2026-03-30T02:30:00Z');
  const spread = (windows: number, median: number): Spread => ({ windows, median, mad: 0, max: median });
  const at = (classes: Record<string, Spread>) => habitAt(profileFrom(0, 1, Object.entries(classes)), night);

  it('is that of its class of time as far as that is known, and else that of all times', () => {
    expect(at({ all: spread(100, 10) })?.median).toBe(10);
    expect(at({ all: spread(100, 10), 'weekday-night': spread(evenWindows, 20) })?.median).toBe(15);
    expect(at({ all: spread(100, 10), 'weekday-night': spread(8_000, 20) })?.median).toBeCloseTo(20, 1);
    expect(at({ all: spread(100, 10), 'weekday-work': spread(8_000, 20) })?.median).toBe(10);
    expect(at({})).toBeUndefined();
  });

  it('rests on the windows of all times, so that a class with few takes nothing away', () => {
    expect(at({ all: spread(100, 10), 'weekday-night': spread(1, 20) })?.windows).toBe(100);
  });

  it('varies by one at least', () => {
    expect(at({ all: spread(100, 10) })?.deviation).toBe(1);
  });
});

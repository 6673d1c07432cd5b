import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventBase } from '../../shared/model/base.ts';
import { minute } from '../../shared/model/time.ts';
import { CounterHabits } from '../../shared/state/counter-habits.ts';
import { parentKey, profileKey, lineKeys } from '../../shared/state/profile.ts';
import { combine, joined, type Merge, placeOf, type StateItem } from '../../shared/state/store.ts';
import { counterOf, firedSet, lineageOf, windowCell, windowKey, windowMerges } from '../../shared/state/window.ts';

const event = { scope: { account: '111122223333', region: 'eu-central-1', cluster: 'harbour' }, time: 90 * minute, key: 'k' } as EventBase;
const counter = (within: string | undefined, by: readonly string[], minutes = 5, at: EventBase = event): string =>
  windowCell('burst', at, { within, by, minutes }, 'member').counter;

describe('the name of a counter', () => {
  it('tells its detection, its cluster and its group', () => {
    const [one, other] = [counter('shop', ['ann']), counter('shop', ['bob'])];
    expect(one).not.toBe(other);
    expect(lineageOf(one)).toEqual(lineageOf(other));
    expect(lineageOf(one).detection).toBe('burst');
    expect(lineageOf(counter('bank', ['ann'])).scope).toBe(lineageOf(one).scope);
    expect(lineageOf(counter('bank', ['ann'])).group).not.toBe(lineageOf(one).group);
    const elsewhere = { ...event, scope: { ...event.scope, cluster: 'pier' } } as EventBase;
    expect(lineageOf(counter('shop', ['ann'], 5, elsewhere)).scope).not.toBe(lineageOf(one).scope);
    expect(lineageOf(counter(undefined, ['ann'])).group).toBeUndefined();
    expect(lineageOf(counter('', ['ann'])).group).toMatch(/^[\w-]{2,}$/);
  });

  it('is another for other parts, however they are written', () => {
    const parts = fc.array(fc.string({ unit: fc.constantFrom('a', '1', ' ', '\n', '-') }), { maxLength: 3 });
    const within = fc.option(fc.string({ unit: fc.constantFrom('a', '1', ' ', '\n', '-'), maxLength: 3 }), { nil: undefined });
    fc.assert(
      fc.property(within, parts, within, parts, (one, by, other, whose) => {
        const equal = JSON.stringify([one, by]) === JSON.stringify([other, whose]) && (one === undefined) === (other === undefined);
        expect(counter(one, by) === counter(other, whose)).toBe(equal);
      }),
    );
  });

  it('is the partition of all its items, and names where its line of profiles stands', () => {
    for (const [minutes, start] of [
      [5, 90],
      [60, 0],
    ] as const) {
      const name = counter('shop', ['ann'], minutes);
      const key = windowKey(name, 100);
      expect(placeOf(key).partition).toBe(name);
      expect(counterOf(key)).toEqual({ counter: name, start: start * minute });
      const { scope, group } = lineageOf(name);
      expect(lineKeys(name)).toEqual([
        ['own', profileKey(name)],
        ['group', parentKey('burst', scope, group)],
        ['cluster', parentKey('burst', scope)],
        ['fleet', parentKey('burst')],
      ]);
    }
    expect(lineKeys(counter(undefined, ['ann'])).map(([whose]) => whose)).toEqual(['own', 'cluster', 'fleet']);
  });
});

describe('what a counter teaches', () => {
  it('is the same whether its items pass one by one or are looked at together', () => {
    const cells = fc.array(fc.tuple(fc.integer({ min: 28_000_000, max: 28_000_120 }), fc.nat({ max: 9 })), { maxLength: 80 });
    const raised = fc.uniqueArray(fc.integer({ min: 28_000_000, max: 28_000_120 }), { maxLength: 3 });
    fc.assert(
      fc.property(cells, raised, fc.constantFrom(1, 5, 7, 10, 15), (some, fired, length) => {
        const name = 'window:burst:a/-/x';
        const marks: Merge[] = fired.map((at) => ({
          key: windowKey(name, at),
          sets: { [firedSet]: [String(Math.floor(at / length))] },
          expires: 0,
          cap: 9,
        }));
        const counted = windowMerges(some.map(([at, member]) => ({ counter: name, minute: at, member: String(member) })));
        const items: StateItem[] = combine([...counted, ...marks]).map((merge) => joined(undefined, merge));
        const habits = new CounterHabits(name, length);
        for (const item of items.toSorted((one, other) => (one.key < other.key ? -1 : 1))) habits.add(item);

        const silent = new Set(fired.flatMap((at) => [Math.floor(at / length), Math.floor(at / length) + 1]));
        const windows = new Map<number, Set<number>>();
        for (const [at, member] of some) {
          const stretch = Math.floor(at / length);
          if (!silent.has(stretch)) windows.set(stretch, (windows.get(stretch) ?? new Set()).add(member));
        }
        const expected = [...windows.values()].map(({ size }) => size).sort();
        const learnt = [...(habits.classes().get('all') ?? [])].flatMap(([count, times]) => Array<number>(times).fill(count));
        expect(learnt.sort()).toEqual(expected);
      }),
    );
  });
});

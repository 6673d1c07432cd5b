import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { EventBase } from '../../shared/model/base.ts';
import { day } from '../../shared/model/time.ts';
import { RememberedState } from '../../shared/state/memory-reader.ts';
import { seenLesson, seenSet, seenView } from '../../shared/state/seen-set.ts';
import type { Merge, StateItem, StateStore } from '../../shared/state/store.ts';
import { scope } from '../support/records.ts';

/** What a process remembers of seen-sets, and what it writes of them. */

interface Visit extends EventBase {
  readonly net: string;
}

const networks = seenSet<Visit>({ id: 'networks', key: () => [], member: ({ net }) => net, days: 30, warmUpDays: 3 });
const key = 'seen:networks:x';
const visit = (on: number, net: string): Visit =>
  ({ source: 'audit', scope, time: on * day, day: on, key: `${String(on)} ${net}`, late: false, net }) as Visit;

async function taught(visits: readonly Visit[]): Promise<{ readonly item: StateItem | undefined; readonly written: readonly Merge[] }> {
  const state = new MemoryState();
  const written: Merge[] = [];
  for (const each of visits) {
    const item = (await state.read([key])).get(key);
    const lesson = seenLesson(networks, key, each, item, 'dana');
    if (lesson === undefined) continue;
    written.push(lesson);
    await state.merge([lesson]);
  }
  return { item: (await state.read([key])).get(key), written };
}

describe('a seen-set', () => {
  it('is as old as its first day, and knows the same, in whatever order its days are heard of', async () => {
    const visits = fc.array(fc.record({ on: fc.integer({ min: 20_000, max: 20_040 }), net: fc.constantFrom('a', 'b', 'c') }), {
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(visits, fc.integer({ min: 0, max: 20 }), async (some, turn) => {
        const events = some.map(({ on, net }) => visit(on, net));
        const [one, other] = await Promise.all([taught(events), taught([...events.slice(turn), ...events.slice(0, turn)].toReversed())]);
        for (let today = 20_000; today < 20_080; today += 1) {
          const [left, right] = [seenView(networks, one.item, today), seenView(networks, other.item, today)];
          expect([left.age, left.learning, left.some(9)]).toEqual([right.age, right.learning, right.some(9)]);
          expect(left.age).toBe(Math.max(0, today - Math.min(...some.map(({ on }) => on))));
        }
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it('is written once a week of what is the same every day, and lives as long as if it were written daily', async () => {
    const monday = 7 * 2_900;
    const { written } = await taught(Array.from({ length: 14 }, (_, on) => visit(monday + on, 'a')));
    expect(written.map(({ sets }) => Object.keys(sets).length)).toEqual([3, 2]);
    expect(written.at(-1)?.expires).toBeGreaterThanOrEqual((monday + 13 + 2 * networks.days) * day);
  });
});

describe('what a process remembers of an item', () => {
  const merge = (...members: string[]): Merge => ({ key, sets: { w1: members }, expires: 0, cap: 10 });

  it('holds for the day on which the store said it', async () => {
    const state = new RememberedState(new MemoryState(), () => undefined);
    await state.read([key]);
    await state.merge([merge('a')]);
    expect(state.recallOn(5, key)).toBeUndefined();
    await state.read([key]);
    expect(state.recallOn(5, key)?.sets.get('w1')).toEqual(new Set(['a']));
    expect(state.recallOn(4, key)?.sets.get('w1')).toEqual(new Set(['a']));
    expect(state.recallOn(6, key)).toBeUndefined();
    expect(state.recall(key)?.sets.get('w1')).toEqual(new Set(['a']));
  });

  it('is forgotten with the next read of it, and that is a surprise', async () => {
    const store = new MemoryState();
    let surprises = 0;
    const state = new RememberedState(store, () => (surprises += 1));
    await state.merge([merge('a', 'b')]);
    await store.remove([{ key, sets: { w1: ['b'] } }]);
    expect((await state.read([key])).get(key)?.sets.get('w1')).toEqual(new Set(['a']));
    expect(state.recall(key)?.sets.get('w1')).toEqual(new Set(['a']));
    expect(surprises).toBe(1);
  });

  it('is believed against an answer that is older', async () => {
    const asked: string[] = [];
    class Lagging extends MemoryState {
      override read(keys: readonly string[], consistency?: string): Promise<ReadonlyMap<string, StateItem>> {
        asked.push(String(consistency));
        return consistency === 'strong' ? super.read(keys) : Promise.resolve(new Map());
      }
    }
    const store: StateStore = new Lagging();
    const state = new RememberedState(store, () => expect.unreachable('nothing was forgotten'));
    await state.merge([merge('a')]);
    expect((await state.read([key])).get(key)?.sets.get('w1')).toEqual(new Set(['a']));
    expect(asked).toEqual(['eventual', 'strong']);
  });
});

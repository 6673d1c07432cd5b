import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { day, hour } from '../../shared/model/time.ts';
import { isKnownFact } from '../../shared/state/entity-graph.ts';
import { ProfileMemory } from '../../shared/state/profile-memory.ts';
import type { Merge, StateItem } from '../../shared/state/store.ts';

const fact = (time: number, name = 'node ip-10-0-0-1'): Merge => ({
  key: 'address:x',
  sets: { [name]: [String(time)] },
  expires: time + 14 * day,
  cap: 400,
});

const item = (...times: number[]): StateItem => ({ key: 'address:x', sets: new Map([['node ip-10-0-0-1', new Set(times.map(String))]]) });

describe('facts about entities', () => {
  it('are known where an earlier moment is, and one of the last day', () => {
    expect(isKnownFact(fact(10), item(5))).toBe(true);
    expect(isKnownFact(fact(5), item(10))).toBe(false);
    expect(isKnownFact(fact(5 + day), item(5))).toBe(false);
    expect(isKnownFact(fact(5 + day), item(5, 6))).toBe(true);
    expect(isKnownFact(fact(10, 'pod other'), item(5))).toBe(false);
    expect(isKnownFact(fact(10), undefined)).toBe(false);
  });

  it('lose neither the first moment nor the time to live, in whatever order they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20 * day), { minLength: 1, maxLength: 30 }), async (times) => {
        const state = new MemoryState();
        for (const time of times) {
          const merge = fact(time);
          const known = (await state.read([merge.key])).get(merge.key);
          if (!isKnownFact(merge, known)) await state.merge([merge]);
        }
        const held = [...((await state.read(['address:x'])).get('address:x')?.sets.get('node ip-10-0-0-1') ?? [])].map(Number);
        expect(Math.min(...held)).toBe(Math.min(...times));
        expect(Math.max(...held)).toBeGreaterThan(Math.max(...times) - day);
      }),
    );
  });
});

describe('remembered profiles', () => {
  it('are good for an hour, those that are not there too', () => {
    const memory = new ProfileMemory();
    expect(memory.unknownOf(['a', 'b'], 0)).toEqual(['a', 'b']);
    memory.note(['a', 'b'], new Map([['a', item(1)]]), 0);
    expect(memory.unknownOf(['a', 'b', 'c'], hour - 1)).toEqual(['c']);
    expect(memory.of(['a', 'b', 'c'])).toEqual([['a', item(1)]]);
    expect(memory.unknownOf(['a', 'b'], hour)).toEqual(['a', 'b']);
    expect(memory.unknownOf(['a'], -hour)).toEqual(['a']);
  });
});

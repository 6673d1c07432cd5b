import { expect, it } from 'vitest';
import { hour } from '../../shared/model/time.ts';
import { ProfileMemory } from '../../shared/state/profile-memory.ts';
import type { StateItem } from '../../shared/state/store.ts';

it('profiles are remembered for four hours, those that are not there too', () => {
  const item: StateItem = { key: 'profile:x', sets: new Map() };
  const memory = new ProfileMemory();
  expect(memory.unknownOf(['a', 'b'], 0)).toEqual(['a', 'b']);
  memory.note(['a', 'b'], new Map([['a', item]]), 0);
  expect(memory.unknownOf(['a', 'b', 'c'], 4 * hour - 1)).toEqual(['c']);
  expect(['a', 'b', 'c'].map((key) => memory.of(key))).toEqual([item, undefined, undefined]);
  expect(memory.unknownOf(['a', 'b'], 4 * hour)).toEqual(['a', 'b']);
  expect(memory.unknownOf(['a'], -4 * hour)).toEqual(['a']);
});

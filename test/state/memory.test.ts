import { describe, expect, it } from 'vitest';
import { MemoryAlerts, MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { day } from '../../shared/model/time.ts';
import { KnownUnions } from '../../shared/state/known-unions.ts';
import { alertStoreContract, findingStoreContract } from './findings.contract.ts';
import { stateStoreContract } from './store.contract.ts';

describe('the state table in memory', () => {
  stateStoreContract(() => new MemoryState(), 300);
});

describe('the state table in memory, in small pages', () => {
  stateStoreContract(() => new MemoryState(7), 20);
});

describe('a store before which known unions are held back', () => {
  stateStoreContract(() => new KnownUnions(new MemoryState()), 100);

  it('asks for nothing that adds nothing, while the item lasts', async () => {
    const inner = new MemoryState();
    let merges = 0;
    inner.merge = (some) => {
      merges += 1;
      return MemoryState.prototype.merge.call(inner, some);
    };
    const store = new KnownUnions(inner);
    const merge = { key: 'k', sets: { a: ['1', '2'] }, expires: 10 * day, cap: 2 };
    const first = await store.merge([merge]);
    expect(await store.merge([merge, { ...merge, sets: { a: ['2'] } }])).toEqual(first);
    expect(await store.merge([{ ...merge, sets: { a: ['there is no room for it'] } }])).toEqual(first);
    expect(merges).toBe(1);
    await store.merge([{ ...merge, sets: { b: ['1'] } }]);
    await store.merge([{ ...merge, expires: 12 * day }]);
    expect(merges).toBe(3);
  });
});

describe('findings in memory', () => {
  findingStoreContract(() => {
    const store = new MemoryFindings();
    return { store, all: () => store.all() };
  });
});

describe('alerts in memory', () => {
  alertStoreContract(() => new MemoryAlerts(), 100);
});

import { describe } from 'vitest';
import { MemoryAlerts, MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { alertStoreContract, findingStoreContract } from './findings.contract.ts';
import { stateStoreContract } from './store.contract.ts';

describe('the state table in memory', () => {
  stateStoreContract(() => new MemoryState(), 300);
});

describe('the state table in memory, in small pages', () => {
  stateStoreContract(() => new MemoryState(7), 20);
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

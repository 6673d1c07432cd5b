import { describe, expect, test } from 'vitest';
import { start } from '../../laws/histories.ts';
import { alertStoreContract, findingStoreContract } from '../../state/findings.contract.ts';
import { Random } from '../random.ts';
import { Agenda } from './agenda.ts';
import { bugs } from './bugs.ts';
import { Environment, Faults } from './faults.ts';
import regressions from './regressions.json' with { type: 'json' };
import { Tables } from './stores.ts';
import { judgeSeed } from './verdict.ts';

/** What the seeds in `seeds.ts` rest on: known failures, repeatable runs, a simulation that notices bugs, and tables that are as stores must be. */

const most = 600_000;
/** Seeds within which a bug must be noticed. */
const patience = 200;

describe('under fault', () => {
  test.for(regressions)('seed $seed, which once failed: $because', async ({ seed }) => {
    expect((await judgeSeed(seed)).offences).toEqual([]);
  });

  test('equal seeds give equal runs', async () => {
    for (const seed of [1, 2, 3]) {
      const [one, other] = [await judgeSeed(seed), await judgeSeed(seed)];
      expect(other.trace).toBe(one.trace);
      expect(other.steps).toEqual(one.steps);
    }
    expect((await judgeSeed(1)).trace).not.toBe((await judgeSeed(2)).trace);
  });
});

describe('the simulation notices a', () => {
  test.for(Object.entries(bugs))('%s', { timeout: most }, async ([name, { variant, toldBy }]) => {
    let seed = 1;
    let told: string | undefined;
    for (; seed <= patience && told === undefined; seed += 1)
      told = (await judgeSeed(seed, variant)).offences.find((offence) => toldBy.test(offence));
    expect(told).toMatch(toldBy);
    console.info(`${name}: seed ${String(seed - 1)}, ${told ?? ''}`);
  });
});

describe('the tables of the simulation, spared all faults', () => {
  const agenda = new Agenda(start);
  const where = new Environment('test');
  where.calm = true;
  const tables = new Tables(agenda, new Faults(new Random('contract'), agenda), { recorded: () => {}, changed: () => {} });
  /** Time passes as long as somebody waits. */
  const awaited = async <T>(work: Promise<T>): Promise<T> => {
    await agenda.run();
    return work;
  };

  describe('keep findings as a store must', () => {
    const store = tables.findingsFor(where);
    findingStoreContract(() => ({ store: { record: (groups) => awaited(store.record(groups)) }, all: () => tables.findings.all() }));
  });

  describe('keep alerts as a store must', () => {
    const store = tables.alertsFor(where);
    alertStoreContract(() => ({ get: (id) => awaited(store.get(id)), update: (id, change) => awaited(store.update(id, change)) }), 20);
  });
});

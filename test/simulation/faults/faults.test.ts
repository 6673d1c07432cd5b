import { describe, expect, test } from 'vitest';
import { start } from '../../laws/histories.ts';
import { alertStoreContract, findingStoreContract } from '../../state/findings.contract.ts';
import { Random } from '../random.ts';
import { Agenda } from './agenda.ts';
import { bugs } from './bugs.ts';
import { Environment, Faults } from './faults.ts';
import { faultKinds, noFaults } from './kinds.ts';
import regressions from './regressions.json' with { type: 'json' };
import { Tables } from './stores.ts';
import { reportOf } from './tell.ts';
import { judgeSeed } from './verdict.ts';

/**
 * A whole deployment under faults comes to what an ordered replay without any comes to: the same findings, memory,
 * alerts and incidents, each told. Every seed is a history, the faults that befall it and the order of all steps.
 */

const seeds = Number(process.env['FAULT_SEEDS'] ?? 2_000);
/** Seeds of one test: what fails is told soon. */
const together = 250;
const most = 600_000;
/** Seeds within which a bug must be noticed. */
const patience = 200;

describe('under fault', () => {
  const counts = noFaults();
  const found = new Map<string, number>();
  const sums = { seeds: 0, certain: 0, possible: 0 };

  test.for(Array.from({ length: Math.ceil(seeds / together) }, (_, part) => 1 + part * together))(
    `${String(together)} seeds from %i come to what they should`,
    { timeout: most },
    async (from) => {
      const failures: string[] = [];
      for (let seed = from; seed < Math.min(from + together, seeds + 1) && failures.length < 3; seed += 1) {
        const verdict = await judgeSeed(seed);
        for (const kind of faultKinds) counts[kind] += verdict.faults[kind];
        for (const [detection, number] of Object.entries(verdict.found)) found.set(detection, (found.get(detection) ?? 0) + number);
        sums.seeds += 1;
        sums.certain += verdict.certain;
        sums.possible += verdict.possible;
        if (verdict.offences.length > 0) failures.push(reportOf(verdict));
      }
      expect(failures.join('\n\n')).toBe('');
    },
  );

  test('every kind of fault occurred, every shape fired, and nearly all findings are the same in any order', () => {
    console.info({ ...sums, faults: counts, alerts: Object.fromEntries(found) });
    for (const kind of faultKinds) expect(counts[kind], kind).toBeGreaterThanOrEqual(100);
    for (const shape of ['mild-novelty', 'burst', 'slow-burst', 'changed', 'volume', 'call-novelty', 'shell-then-volume', 'new-then-shell'])
      expect(found.get(shape), shape).toBeGreaterThanOrEqual(100);
    expect(sums.certain / sums.possible).toBeGreaterThanOrEqual(0.95);
  });

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

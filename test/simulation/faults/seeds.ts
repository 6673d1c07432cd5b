import { describe, expect, test } from 'vitest';
import { faultKinds, noFaults } from './kinds.ts';
import { reportOf } from './tell.ts';
import { judgeSeed } from './verdict.ts';

/** Seeds of one suite: the suites share what CI tries, so that as many workers do. */
export const seedsTogether = 1_000;
/** Seeds of one test: what fails is told soon. */
const perTest = 250;
const most = 600_000;

const shapes = ['mild-novelty', 'burst', 'slow-burst', 'changed', 'volume', 'call-novelty', 'shell-then-volume', 'new-then-shell'];

/**
 * A whole deployment under faults comes to what an ordered replay without any comes to: the same findings, memory,
 * alerts and incidents, each told. Every seed is a history, the faults that befall it and the order of all steps.
 */
export function describeSeeds(first: number): void {
  describe(`${String(seedsTogether)} seeds from ${String(first)}`, () => {
    const counts = noFaults();
    const found = new Map<string, number>();
    const sums = { certain: 0, possible: 0 };

    test.for(Array.from({ length: seedsTogether / perTest }, (_, part) => first + part * perTest))(
      `come to what they should, ${String(perTest)} from %i`,
      { timeout: most },
      async (from) => {
        const failures: string[] = [];
        for (let seed = from; seed < from + perTest && failures.length < 3; seed += 1) {
          const verdict = await judgeSeed(seed);
          for (const kind of faultKinds) counts[kind] += verdict.faults[kind];
          for (const [detection, number] of Object.entries(verdict.found)) found.set(detection, (found.get(detection) ?? 0) + number);
          sums.certain += verdict.certain;
          sums.possible += verdict.possible;
          if (verdict.offences.length > 0) failures.push(reportOf(verdict));
        }
        expect(failures.join('\n\n')).toBe('');
      },
    );

    test('bring every kind of fault and every shape of detection, and nearly all findings are the same in any order', () => {
      console.info({ ...sums, faults: counts, alerts: Object.fromEntries(found) });
      for (const kind of faultKinds) expect(counts[kind], kind).toBeGreaterThanOrEqual(100);
      for (const shape of shapes) expect(found.get(shape), shape).toBeGreaterThanOrEqual(100);
      expect(sums.certain / sums.possible).toBeGreaterThanOrEqual(0.95);
    });
  });
}

import { describe, expect, it } from 'vitest';
import { nightOf } from '../bench/recompute-run.ts';

/** `npm run recompute:cost` prints the same for tables that are too large for a test. */
describe('what a recomputation costs', () => {
  it('grows with the table and no faster', async () => {
    const [small, large] = [await nightOf(1_000, 'cost', () => 0), await nightOf(10_000, 'cost', () => 0)];
    expect(large.profiles / small.profiles).toBeGreaterThan(7);
    for (const what of ['readUnits', 'writeUnits', 'bytes'] as const) {
      const growth = large[what] / small[what];
      expect(growth, what).toBeLessThan(12);
      // Notes and half-filled pages weigh more where there is little else.
      expect(growth, what).toBeGreaterThan(4);
    }
  });

  it('is one pass: a unit for every 8 KB, a request for every megabyte, and a write for every profile', async () => {
    const night = await nightOf(20_000, 'pass', () => 0);
    const shards = night.secondsOfShards.length;
    const overhead = 10 * shards;
    expect(night.readUnits).toBeLessThan(night.bytes / 8_192 + overhead);
    expect(night.reads).toBeLessThan(night.bytes / 1_048_576 + overhead);
    expect(night.writes).toBeLessThan(night.profiles + night.parents + 4 * shards);
  });
});

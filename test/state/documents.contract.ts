import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alone, type StateStore } from '../../shared/state/store.ts';

/** What every state store promises of documents: `fresh` names partitions that nobody uses, `later` is when they expire. */
export function documentContract(store: () => StateStore, fresh: () => string, later: number, runs: number): void {
  describe('documents', () => {
    const document = (partition: string, sort: string, text: string) => ({ partition, sort, document: text, expires: later });

    it('are replaced whole, and the last of one call counts', async () => {
      const partition = fresh();
      await store().put([document(partition, 'a', 'first'), document(partition, 'b', 'other')]);
      await store().put([document(partition, 'a', 'second'), document(partition, 'a', 'third')]);
      const held = await store().list(partition);
      expect(held.map(({ sort, document: text }) => `${sort} ${text}`).toSorted()).toEqual(['a third', 'b other']);
    });

    it('are listed by partition, however many', async () => {
      const partition = fresh();
      const sorts = Array.from({ length: 60 }, (_, number) => String(100 + number));
      await store().put(sorts.map((sort) => document(partition, sort, sort.repeat(10_000))));
      expect((await store().list(partition)).map(({ sort }) => sort).toSorted()).toEqual(sorts);
      expect(await store().list(`${partition}absent`)).toEqual([]);
      await store().put([]);
    });

    it('that are to be new are written by one of those who try a place, and stay as that one wrote them', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(fc.nat({ max: 9 }), { minLength: 1, maxLength: 5 }), async (writers) => {
          const partition = fresh();
          const written = await Promise.all(writers.map((writer) => store().putNew(document(partition, '0', String(writer)))));
          expect(written.filter(Boolean)).toHaveLength(1);
          const winner = String(writers[written.indexOf(true)]);
          expect(await store().putNew(document(partition, '0', 'too late'))).toBe(false);
          expect(await store().putNew(document(partition, '1', 'another place'))).toBe(true);
          expect((await store().list(partition)).map(({ document: text }) => text)).toEqual([winner, 'another place']);
        }),
        { numRuns: runs },
      );
    });

    it('that stand alone are read by their key', async () => {
      const key = fresh();
      await store().put([document(key, alone, 'profile')]);
      expect((await store().read([key], 'strong')).get(key)?.document).toBe('profile');
    });
  });

  describe('documents of several generations', () => {
    const made = (partition: string, generation: number, expires = later) => ({
      partition,
      sort: alone,
      document: String(generation),
      expires,
      generation,
    });

    it('in any order and at once leave the youngest', async () => {
      const orders = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(orders, orders, async (one, other) => {
          const partition = fresh();
          const youngest = Math.max(...one, ...other);
          await store().put(one.map((generation) => made(partition, generation)));
          await Promise.all(other.map((generation) => store().put([made(partition, generation)])));
          expect(await store().list(partition)).toEqual([made(partition, youngest)]);
          expect((await store().read([partition], 'strong')).get(partition)?.document).toBe(String(youngest));
        }),
        { numRuns: runs },
      );
    });

    it('are replaced by their own again', async () => {
      const partition = fresh();
      await store().put([made(partition, 3)]);
      await store().put([{ ...made(partition, 3), document: 'made again' }]);
      expect((await store().list(partition)).map(({ document }) => document)).toEqual(['made again']);
    });
  });
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { Registered } from '../../shared/detect/finding.ts';
import { api, type Detection, seenSet } from '../../shared/detect/kit.ts';
import type { ApiEvent } from '../../shared/model/api.ts';
import { day, minute, weekOf } from '../../shared/model/time.ts';
import { Parents } from '../../shared/state/parents.ts';
import { parentKey, profileIn } from '../../shared/state/profile.ts';
import { planRecomputation, prepareRecomputation, recompute, recomputeShard } from '../../shared/state/recompute.ts';
import type { ShardOrder } from '../../shared/state/shard-pages.ts';
import type { StateStore } from '../../shared/state/store.ts';
import { Distribution } from '../../shared/state/distribution.ts';
import { cellsAt, count as counted } from '../support/counts.ts';

const now = Date.parse('2026-03-30T02:30:00Z');
const words = { title: '', severity: 'low', confidence: 'low', attack: [], rows: [], next: '', reads: ['eks:X'] } as const;
const catalogue: readonly Registered<Detection>[] = [
  api.threshold({
    ...words,
    id: 'burst',
    count: { by: () => [], minutes: 10 },
    limit: { ceiling: 100, profile: { floor: 5, deviations: 3 } },
    judge: () => ({ entity: { kind: 'identity', id: 'x', name: 'x' }, summary: '' }),
  }),
  api.detection({
    ...words,
    id: 'novel',
    memory: { seen: seenSet<ApiEvent>({ id: 'networks', key: () => [], member: () => '', days: 30, warmUpDays: 1 }) },
    judge: () => undefined,
  }),
].map((detection) => ({ strategy: 's', detection }));

/** A window of a counter: so many requests in one minute. */
interface Window {
  readonly counter: string;
  readonly time: number;
  readonly count: number;
}

const cellsOf = (windows: readonly Window[]) => windows.flatMap(({ counter, time, count }) => cellsAt(counter, time, count));

const counters = ['a', 'b', 'c'].flatMap((scope) =>
  ['-', 'shop', 'bank'].flatMap((group) => ['x', 'y', 'z'].map((whose) => `window:burst:${scope}/${group}/${whose}`)),
);
const windows = fc.array(
  fc.record({
    counter: fc.constantFrom(...counters),
    time: fc.integer({ min: now - 40 * day, max: now }),
    count: fc.integer({ min: 1, max: 40 }),
  }),
  { maxLength: 60 },
);

async function tableOf(some: readonly Window[], itemsPerPage: number): Promise<MemoryState> {
  const store = new MemoryState(itemsPerPage);
  await counted(store, cellsOf(some));
  await prepareRecomputation(catalogue, now, store, () => Infinity);
  const old = `w${String(weekOf(now - 90 * day))}`;
  await store.merge([{ key: 'seen:networks:x', sets: { d: ['1'], [old]: ['forgotten'] }, expires: now, cap: 10 }]);
  return store;
}

/** What recomputation leaves behind: everything but its own notes, and the logs it began with. */
function leftIn(store: MemoryState): string[] {
  return [...store.dump()]
    .filter((entry) => !('document' in entry && /^(?:recompute:|counts\t)/.test(entry.document.partition)))
    .map((entry) => JSON.stringify(entry))
    .sort();
}

/** Time for so many looks at the clock. */
function patience(looks: number): () => number {
  let left = looks;
  return () => (left-- > 0 ? Infinity : 0);
}

/** A store whose every call is delayed until the scheduler lets it go. */
function interleaved(store: StateStore, scheduler: fc.Scheduler): StateStore {
  const turn = (label: string) => scheduler.schedule(Promise.resolve(), label);
  return {
    read: (keys, consistency) => turn('read').then(() => store.read(keys, consistency)),
    merge: (some) => turn('merge').then(() => store.merge(some)),
    remove: (removals) => turn('remove').then(() => store.remove(removals)),
    put: (documents) => turn('put').then(() => store.put(documents)),
    putNew: (document) => turn('put').then(() => store.putNew(document)),
    list: (partition, part) => turn('list').then(() => store.list(partition, part)),
    async *scan(part) {
      for await (const page of store.scan(part)) {
        await turn('page');
        yield page;
      }
    },
  };
}

describe('orders of a recomputation', () => {
  it('in any order, at once, twice, cut short and resumed come to what one run comes to', async () => {
    const how = fc.record({
      some: windows,
      shards: fc.integer({ min: 1, max: 5 }),
      itemsPerPage: fc.integer({ min: 1, max: 9 }),
      workers: fc.integer({ min: 1, max: 3 }),
      patiences: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 8 }),
      twice: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(how, fc.scheduler(), async ({ some, shards, itemsPerPage, workers, patiences, twice }, scheduler) => {
        const expected = await tableOf(some, 1_000);
        await recompute(catalogue, now, expected);

        const store = await tableOf(some, itemsPerPage);
        const shared = interleaved(store, scheduler);
        const queue = planRecomputation(now, shards).flatMap((order) => (twice[order.segment] === true ? [order, order] : [order]));
        let taken = 0;
        const worker = async (): Promise<void> => {
          for (let order = queue.shift(); order !== undefined; order = queue.shift()) {
            const looks = patiences[taken++ % patiences.length] ?? 0;
            try {
              // Nobody is patient for ever, but in the end somebody has time.
              const { rest } = await recomputeShard(catalogue, order, shared, patience(taken > 200 ? 100_000 : looks));
              if (rest !== undefined) queue.push(rest);
            } catch {
              queue.push(order);
            }
          }
        };
        await scheduler.waitFor(Promise.all(Array.from({ length: workers }, worker)));
        expect(leftIn(store)).toEqual(leftIn(expected));
      }),
      { numRuns: Number(process.env['LAW_RUNS'] ?? 120), seed: 20260330 },
    );
  });

  it('of an older night change nothing that a younger one made', async () => {
    const store = await tableOf([{ counter: 'window:burst:a/shop/x', time: now - 2 * day, count: 7 }], 100);
    await recompute(catalogue, now, store, 2);
    const before = leftIn(store);
    await recompute(catalogue, now - day, store, 3);
    expect(leftIn(store)).toEqual(before);
  });

  it('always get somewhere, even where there is never time', async () => {
    const store = await tableOf(
      counters.flatMap((counter) => [1, 2, 3].map((ago) => ({ counter, time: now - ago * day, count: 3 }))),
      4,
    );
    let order: ShardOrder | undefined = planRecomputation(now, 1)[0];
    let rounds = 0;
    for (; order !== undefined && rounds < 100; rounds += 1) order = (await recomputeShard(catalogue, order, store, () => 0)).rest;
    expect(rounds).toBeGreaterThan(counters.length);
    expect(rounds).toBeLessThan(100);
    const expected = new MemoryState();
    for (const entry of store.dump()) if ('merge' in entry) await expected.merge([entry.merge]);
    await recompute(catalogue, now, expected);
    expect(leftIn(store)).toEqual(leftIn(expected));
  });
});

describe('parents', () => {
  const profileAt = async (store: StateStore, key: string) => profileIn((await store.read([key], 'strong')).get(key), now);

  it('are the group, the cluster and all clusters, and a counter without a group has none', async () => {
    const busy = (counter: string, count: number) =>
      Array.from({ length: 12 }, (_, ago) => ({ counter, time: now - (ago + 1) * day, count }));
    const store = new MemoryState();
    await counted(
      store,
      cellsOf([
        ...busy('window:burst:a/shop/x', 4),
        ...busy('window:burst:a/shop/y', 6),
        ...busy('window:burst:a/-/z', 20),
        ...busy('window:burst:b/shop/x', 30),
      ]),
    );
    await recompute(catalogue, now, store, 3);
    const all = async (scope?: string, group?: string) => (await profileAt(store, parentKey('burst', scope, group)))?.classes['all'];
    expect(await all('a', 'shop')).toEqual({ windows: 24, median: 5, mad: 1, max: 6 });
    expect(await all('a', '-')).toBeUndefined();
    expect(await all('a')).toEqual({ windows: 36, median: 6, mad: 2, max: 20 });
    expect(await all('b')).toMatchObject({ windows: 12, median: 30 });
    expect(await all()).toMatchObject({ windows: 48, max: 30 });
  });

  it('hear no more of a counter that is always busy than of others', async () => {
    const noisy = Array.from({ length: 2_000 }, (_, number) => ({
      counter: 'window:burst:a/shop/noisy',
      time: now - number * 10 * minute,
      count: 40,
    }));
    const calm = ['x', 'y', 'z'].flatMap((whose) =>
      Array.from({ length: 16 }, (_, ago) => ({ counter: `window:burst:a/shop/${whose}`, time: now - (ago + 1) * day, count: 2 })),
    );
    const store = new MemoryState();
    await counted(store, cellsOf([...noisy, ...calm]));
    await recompute(catalogue, now, store);
    expect((await profileAt(store, parentKey('burst', 'a', 'shop')))?.classes['all']).toEqual({ windows: 64, median: 2, mad: 0, max: 40 });
  });

  it('count the days on which anything was counted in the cluster: a gap is not quiet', async () => {
    const on = (counter: string, days: readonly number[]) => days.map((ago) => ({ counter, time: now - ago * day, count: 3 }));
    const store = new MemoryState();
    await counted(
      store,
      cellsOf([
        ...on('window:burst:a/shop/x', [1, 2, 9]),
        // Whatever is counted shows that there is telemetry: also for thresholds that need no profile.
        ...on('window:other:a/-/y', [3, 4, 9]),
        ...on('window:burst:b/shop/x', [20, 21, 22]),
      ]),
    );
    await recompute(catalogue, now, store, 2);
    expect((await profileAt(store, 'profile:burst:a/shop/x'))?.days).toBe(3);
    expect((await profileAt(store, parentKey('burst', 'a')))?.days).toBe(5);
  });

  it('are believed for three weeks', async () => {
    const store = await tableOf([{ counter: 'window:burst:a/shop/x', time: now - day, count: 7 }], 100);
    await recompute(catalogue, now, store);
    for (const key of ['profile:burst:a/shop/x', parentKey('burst', 'a', 'shop'), parentKey('burst')]) {
      const item = (await store.read([key])).get(key);
      expect(profileIn(item, now + 20 * day)).toMatchObject({ generation: now, classes: { all: { max: 7 } } });
      expect(profileIn(item, now + 22 * day)).toBeUndefined();
    }
  });

  it('are bounded in number, and which are kept does not depend on the order in which they come', () => {
    const distribution = new Distribution();
    distribution.add(new Map([['all', new Map([[3, 2]])]]));
    const page = (group: string) => ({
      next: undefined,
      days: [],
      groups: [{ parent: { detection: 'burst', scope: 'a', group }, distribution }],
    });
    const groups = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 30 });
    fc.assert(
      fc.property(
        groups.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([one, other]) => {
          const made = [one, other].map((order) => {
            const parents = new Parents(5);
            for (const group of order) parents.join(page(group));
            return [...parents.documents(now)].map(({ partition, document }) => `${partition} ${document}`).sort();
          });
          expect(made[1]).toEqual(made[0]);
          expect(made[0]?.length ?? 0).toBeLessThanOrEqual(7);
          const cluster = made[0]?.find((text) => text.startsWith('parent:burst:a '));
          if (one.length > 0) expect(cluster).toContain(`"windows":${String(2 * one.length)}`);
        },
      ),
    );
  });
});

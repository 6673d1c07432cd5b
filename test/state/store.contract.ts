import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  alone,
  keyAt,
  type Merge,
  placeOf,
  positionAfter,
  type ScanPage,
  type StateItem,
  type StateStore,
} from '../../shared/state/store.ts';
import { documentContract } from './documents.contract.ts';

/** What every state store promises. `runs` is how many cases each law is tried on. */
export function stateStoreContract(open: () => Promise<StateStore> | StateStore, runs: number): void {
  let store: StateStore;
  let cases = 0;
  /** Cases share the store, and no keys. */
  const fresh = (): string => `case-${String((cases += 1))}:`;
  const later = Date.parse('2027-01-01T00:00:00Z');
  const merge = (key: string, sets: Merge['sets'], cap = 1_000_000): Merge => ({ key, sets, expires: later, cap });
  const readAll = async (keys: readonly string[]) => contentOf((await store.read(keys, 'strong')).values());

  beforeAll(async () => {
    store = await open();
  });

  describe('union', () => {
    const members = fc.uniqueArray(
      fc.string({ maxLength: 6 }).map((text) => text.toWellFormed()),
      { maxLength: 5 },
    );
    const sets = fc.dictionary(fc.constantFrom('a', 'b', 'with space', 'dots.and#marks', ':x', '', 'ключ', '__proto__'), members, {
      maxKeys: 4,
    });
    const merges = fc.array(fc.record({ key: fc.constantFrom('k1', 'k2', 'k3'), sets }), { minLength: 1, maxLength: 6 });

    it('is idempotent, commutative and associative, in sequence and at once', async () => {
      const shuffled = merges.chain((given) =>
        fc.record({ given: fc.constant(given), again: fc.shuffledSubarray(given), split: fc.nat({ max: given.length }) }),
      );
      await fc.assert(
        fc.asyncProperty(shuffled, async ({ given, again, split }) => {
          const [one, other] = [fresh(), fresh()];
          const under = (prefix: string, some: typeof given) => some.map(({ key, sets: wanted }) => merge(prefix + key, wanted));
          await store.merge(under(one, given));
          await Promise.all([
            store.merge(under(other, given.slice(split))),
            store.merge(under(other, given.slice(0, split))),
            store.merge(under(other, again)),
          ]);
          const held = async (prefix: string) =>
            (await readAll(['k1', 'k2', 'k3'].map((key) => prefix + key))).map(([key, content]) => [key.slice(prefix.length), content]);
          expect(await held(other)).toEqual(await held(one));
          expect(await held(one)).toEqual(unionOf(given));
        }),
        { numRuns: runs },
      );
    });

    it('returns each item as it is afterwards', async () => {
      const key = fresh();
      await store.merge([merge(key, { a: ['1'], b: ['x'] })]);
      const after = await store.merge([merge(key, { a: ['2'] }), merge(key, { a: ['3'], c: [] })]);
      expect(contentOf(after.values())).toEqual([[key, { a: ['1', '2', '3'], b: ['x'] }]]);
    });

    it('loses nothing of concurrent writers, and one of any two sees both', async () => {
      const key = fresh();
      const writers = Array.from({ length: 40 }, (_, number) => `writer ${String(number)}`);
      const answers = await Promise.all(writers.map((writer) => store.merge([merge(key, { seen: [writer] })])));
      const seen = answers.map((answer) => answer.get(key)?.sets.get('seen') ?? new Set());
      expect(await readAll([key])).toEqual([[key, { seen: writers.toSorted() }]]);
      writers.forEach((writer, number) => {
        expect(seen[number]).toContain(writer);
        for (let other = 0; other < number; other += 1) {
          expect(seen[number]?.has(writers[other] ?? '') === true || seen[other]?.has(writer) === true).toBe(true);
        }
      });
    });

    it('takes no more members into a full set, and goes on with the others', async () => {
      const key = fresh();
      await store.merge([merge(key, { full: ['1', '2', '3'] }, 3)]);
      await store.merge([merge(key, { full: ['4'] }, 3)]);
      const after = await store.merge([merge(key, { full: ['5'], other: ['x'] }, 3)]);
      expect(contentOf(after.values())).toEqual([[key, { full: ['1', '2', '3'], other: ['x'] }]]);
      expect(await readAll([key])).toEqual([[key, { full: ['1', '2', '3'], other: ['x'] }]]);
    });

    it('returns a full item whole', async () => {
      const key = fresh();
      await store.merge([merge(key, { full: ['1', '2'], other: ['x'] }, 2)]);
      const after = await store.merge([merge(key, { full: ['3'] }, 2)]);
      expect(contentOf(after.values())).toEqual([[key, { full: ['1', '2'], other: ['x'] }]]);
    });

    it('takes many sets and large ones', async () => {
      const key = fresh();
      const sets = Object.fromEntries(
        Array.from({ length: 70 }, (_, number) => [
          `set ${String(number)}`,
          Array.from({ length: 50 }, (__, member) => String(1_000 + member)),
        ]),
      );
      const after = await store.merge([merge(key, sets)]);
      expect(contentOf(after.values())).toEqual([[key, sets]]);
    });

    it('of nothing does nothing', async () => {
      expect(await store.merge([])).toEqual(new Map());
      expect(contentOf((await store.merge([merge(fresh(), {})])).values()).map(([, content]) => content)).toEqual([{}]);
    });
  });

  describe('reading', () => {
    it('finds what is there, each once, however many are asked for', async () => {
      const prefix = fresh();
      const keys = Array.from({ length: 230 }, (_, number) => prefix + String(1_000 + number));
      await store.merge(keys.map((key) => merge(key, { a: [key] })));
      const found = await store.read([...keys.flatMap((key) => [key, key]), `${prefix}absent`, ''], 'eventual');
      expect([...found.keys()].toSorted()).toEqual(keys);
      expect(await store.read([], 'strong')).toEqual(new Map());
    });

    it('gives a copy that later writes do not change', async () => {
      const key = fresh();
      await store.merge([merge(key, { a: ['1'] })]);
      const before = await store.read([key], 'strong');
      await store.merge([merge(key, { a: ['2'] })]);
      expect(contentOf(before.values())).toEqual([[key, { a: ['1'] }]]);
    });
  });

  it('lets one of two writers see both, where each writes its own item and then reads the other strongly', async () => {
    const meet = async (own: string, other: string): Promise<boolean> => {
      await store.merge([merge(own, { seen: ['x'] })]);
      return (await store.read([other], 'strong')).get(other)?.sets.get('seen')?.has('x') === true;
    };
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const [one, other] = [fresh(), fresh()];
      expect(await Promise.all([meet(one, other), meet(other, one)])).toContain(true);
    }
  });

  it('shows a strong read every merge and removal that returned before', async () => {
    const key = fresh();
    for (const member of ['1', '2', '3']) {
      await store.merge([merge(key, { a: [member] })]);
      expect((await store.read([key], 'strong')).get(key)?.sets.get('a')?.has(member)).toBe(true);
      await store.remove([{ key, sets: { a: [member] } }]);
      expect((await store.read([key], 'strong')).get(key)?.sets.get('a')?.has(member) ?? false).toBe(false);
    }
  });

  describe('removal', () => {
    it('takes members out, and sets that are empty then', async () => {
      const key = fresh();
      await store.merge([merge(key, { a: ['1', '2'], b: ['x'], c: ['y'] })]);
      await store.remove([{ key, sets: { a: ['1', 'absent'], b: ['x'], absent: ['z'], c: [] } }]);
      expect(await readAll([key])).toEqual([[key, { a: ['2'], c: ['y'] }]]);
    });

    it('leaves what others join meanwhile', async () => {
      const key = fresh();
      await store.merge([merge(key, { a: ['old'] })]);
      await Promise.all([store.remove([{ key, sets: { a: ['old'] } }]), store.merge([merge(key, { a: ['new'], b: ['x'] })])]);
      expect(await readAll([key])).toEqual([[key, { a: ['new'], b: ['x'] }]]);
    });

    it('makes no item', async () => {
      const key = fresh();
      await store.remove([{ key, sets: { a: ['1'] } }]);
      expect(await readAll([key])).toEqual([]);
    });
  });

  documentContract(() => store, fresh, later, runs);

  it('tells keys apart that differ in partition or sort key', async () => {
    const prefix = fresh();
    const keys = [prefix, keyAt(prefix, '1'), keyAt(prefix, '2'), `${prefix}|`, `${prefix}|-`, `${prefix}||1`, `|${prefix}`];
    await store.merge(keys.map((key, number) => merge(key, { a: [String(number)] })));
    expect(await readAll(keys)).toEqual(
      keys.map((key, number) => [key, { a: [String(number)] }] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
    await store.put([{ ...placeOf(keyAt(prefix, '1')), document: 'beside', expires: later }]);
    await store.remove([{ key: keyAt(prefix, '1'), sets: { a: ['1'] } }]);
    expect((await store.read([keyAt(prefix, '2')], 'strong')).get(keyAt(prefix, '2'))?.sets.get('a')).toEqual(new Set(['2']));
  });

  describe('scanning', () => {
    const of = 5;
    const parts = Array.from({ length: of }, (_, segment) => ({ segment, of }));
    const pagesOf = async (part: Parameters<StateStore['scan']>[0]) => {
      const pages: ScanPage[] = [];
      for await (const page of store.scan(part)) pages.push(page);
      return pages;
    };
    const keysIn = (pages: readonly ScanPage[], prefix: string) =>
      pages.flatMap(({ items }) => items.map(({ key }) => key)).filter((key) => key.startsWith(prefix));
    let prefix: string;
    let keys: string[];

    beforeAll(async () => {
      prefix = fresh();
      keys = Array.from({ length: 90 }, (_, number) =>
        number % 3 === 0 ? `${prefix}alone ${String(number)}` : keyAt(`${prefix}${String(number % 7)}`, String(100 + number)),
      );
      // More than fits into one page of DynamoDB.
      await store.merge(keys.map((key) => merge(key, { a: [key, 'x'.repeat(60_000)] })));
      await store.put([{ partition: `${prefix}document`, sort: alone, document: 'profile', expires: later }]);
    });

    it('finds every set item in one segment, and no documents', async () => {
      const found = await Promise.all(parts.map(async (part) => keysIn(await pagesOf(part), prefix)));
      expect(found.flat().toSorted()).toEqual(keys.toSorted());
      expect(found.filter((some) => some.length > 0).length).toBeGreaterThan(1);
      expect(keysIn(await pagesOf({ segment: 0, of: 1 }), prefix).toSorted()).toEqual(keys.toSorted());
    });

    it('brings what shares a partition together, in the order of its sort keys', async () => {
      for (const part of parts) {
        const places = keysIn(await pagesOf(part), prefix).map(placeOf);
        const partitions = places.map(({ partition }) => partition).filter((each, at, all) => each !== all[at - 1]);
        expect(partitions).toHaveLength(new Set(partitions).size);
        for (const partition of partitions) {
          const sorts = places.filter((place) => place.partition === partition).map(({ sort }) => sort);
          expect(sorts).toEqual(sorts.toSorted());
        }
      }
    });

    it('goes on where a page ended, and after any item', async () => {
      for (const part of parts) {
        const pages = await pagesOf(part);
        const all = pages.flatMap(({ items }) => items.map(({ key }) => key));
        const [first] = pages;
        expect(pages.at(-1)?.next).toBeUndefined();
        if (first?.next !== undefined)
          expect(keysIn(await pagesOf({ ...part, from: first.next }), '')).toEqual(all.slice(first.items.length));
        const middle = all[Math.floor(all.length / 2)];
        if (middle === undefined) continue;
        const after = await pagesOf({ ...part, from: positionAfter(placeOf(middle)) });
        expect(keysIn(after, '')).toEqual(all.slice(Math.floor(all.length / 2) + 1));
      }
    });
  });
}

type Content = readonly (readonly [key: string, sets: Readonly<Record<string, readonly string[]>>])[];

/** Items in an order, without sets that hold nothing: a store may or may not show those. */
function contentOf(items: Iterable<StateItem>): Content {
  return [...items]
    .map(
      ({ key, sets }) =>
        [
          key,
          Object.fromEntries([...sets].filter(([, members]) => members.size > 0).map(([name, members]) => [name, [...members].toSorted()])),
        ] as const,
    )
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function unionOf(merges: readonly Pick<Merge, 'key' | 'sets'>[]): Content {
  const items = new Map<string, Map<string, Set<string>>>();
  for (const { key, sets } of merges) {
    const item = items.get(key) ?? new Map<string, Set<string>>();
    for (const [name, members] of Object.entries(sets)) item.set(name, new Set([...(item.get(name) ?? []), ...members]));
    items.set(key, item);
  }
  return contentOf([...items].map(([key, sets]) => ({ key, sets })));
}

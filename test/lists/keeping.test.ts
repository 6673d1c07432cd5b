import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListSource } from '../../shared/contract/site.ts';
import { type CompiledList, decodeLists, encodeLists, NotCompiled } from '../../shared/lists/compiled.ts';
import { ListKeeper } from '../../shared/lists/keeper.ts';
import { readList } from '../../shared/lists/reading.ts';
import { type Fetch, type Fetched, refreshLists } from '../../shared/lists/refreshing.ts';
import { ListShelf } from '../../shared/model/listed.ts';

const minute = 60_000;
const threat: ListSource = { name: 'feed', kind: 'threat', bucket: 'feeds', key: 'threat.txt' };
const systems: ListSource = { name: 'as', kind: 'as', bucket: 'feeds', key: 'as.tsv' };
const bytesOf = (text: string): Fetched => ({ bytes: Buffer.from(text), version: `"${text}"`, changed: 1_774_000_000_000 });

/** Answers as S3 does, from what lies there. */
const fetching =
  (store: Readonly<Record<string, string>>): Fetch =>
  ({ key }, known) => {
    const text = store[key];
    if (text === undefined) return Promise.reject(new Error('Access Denied'));
    return Promise.resolve(known === `"${text}"` ? 'unchanged' : bytesOf(text));
  };

const says = (lists: readonly CompiledList[], address: string): readonly string[] =>
  lists.filter(({ ranges }) => ranges.find(address) >= 0).map(({ name }) => name);

describe('a refresh of lists', () => {
  it('fetches each, once', async () => {
    const store = { 'threat.txt': '203.0.113.9', 'as.tsv': '203.0.113.0/24,64500,Example' };
    const first = await refreshLists([threat, systems], [], fetching(store));
    expect(first).toMatchObject({ changed: true, failures: [] });
    expect(says(first.lists, '203.0.113.9')).toEqual(['feed', 'as']);
    expect(first.lists[0]).toMatchObject({ name: 'feed', kind: 'threat', asOf: 1_774_000_000_000 });
    const again = await refreshLists([threat, systems], first.lists, fetching(store));
    expect(again).toMatchObject({ changed: false, failures: [] });
    expect(again.lists[0]).toBe(first.lists[0]);
    const newer = await refreshLists([threat, systems], first.lists, fetching({ ...store, 'threat.txt': '203.0.113.10' }));
    expect([newer.changed, says(newer.lists, '203.0.113.9'), says(newer.lists, '203.0.113.10')]).toEqual([true, ['as'], ['feed', 'as']]);
  });

  it.each([
    ['is not there', {}],
    ['is empty', { 'threat.txt': '' }],
    ['is an error page', { 'threat.txt': '<html>\n<body>\n403 Forbidden\n' }],
    ['is of no text', { 'threat.txt': '\u001f\u008b\u0008' }],
    ['holds the whole internet', { 'threat.txt': '0.0.0.0/0\n::/0' }],
  ])('keeps the last good version of a list that %s, and the others are refreshed', async (_, store) => {
    const { lists: known } = await refreshLists(
      [threat, systems],
      [],
      fetching({ 'threat.txt': '203.0.113.9', 'as.tsv': '203.0.113.0/24,1' }),
    );
    const { lists, failures, changed } = await refreshLists(
      [threat, systems],
      known,
      fetching({ 'as.tsv': '198.51.100.0/24,1', ...store }),
    );
    expect(lists[0]).toBe(known[0]);
    expect(says(lists, '198.51.100.1')).toEqual(['as']);
    expect(changed).toBe(true);
    expect(failures).toEqual([{ name: 'feed', why: expect.any(String) as string, asOf: 1_774_000_000_000 }]);
  });

  it('says so of a list of which there never was a good version', async () => {
    const { lists, failures } = await refreshLists([threat], [], fetching({}));
    expect(lists).toEqual([]);
    expect(failures).toEqual([{ name: 'feed', why: 'Error: Access Denied', asOf: undefined }]);
  });

  it('forgets a list that is no longer named, and takes one of another kind for another', async () => {
    const { lists: known } = await refreshLists(
      [threat, systems],
      [],
      fetching({ 'threat.txt': '203.0.113.9', 'as.tsv': '203.0.113.0/24,1' }),
    );
    expect(await refreshLists([threat], known, fetching({ 'threat.txt': '203.0.113.9' }))).toMatchObject({
      changed: true,
      lists: [known[0]],
    });
    const tor = { ...threat, kind: 'tor' as const };
    expect((await refreshLists([tor], known, fetching({}))).lists).toEqual([]);
  });
});

describe('compiled lists', () => {
  const text = fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { minLength: 1, maxLength: 20 });

  it('come out as they went in', () => {
    fc.assert(
      fc.property(text, text, fc.string(), fc.option(fc.nat(), { nil: undefined }), (addresses, ranges, name, asOf) => {
        const rows = ranges.map((address, index) => `${address},${String((index % 3) + 1)},${name}`);
        const lists: CompiledList[] = [
          {
            name,
            kind: 'threat',
            ...(asOf === undefined ? {} : { asOf }),
            version: name,
            ...pick(readList('threat', addresses.join('\n'))),
          },
          { name: 'as', kind: 'as', ...pick(readList('as', rows.join('\n'))) },
        ];
        expect(decodeLists(encodeLists(lists))).toEqual(lists);
        const [shifted] = [Buffer.concat([Buffer.from('x'), encodeLists(lists)]).subarray(1)];
        expect(decodeLists(shifted)).toEqual(lists);
      }),
    );
    expect(decodeLists(encodeLists([]))).toEqual([]);
  });

  it('that are something else, or cut short, are refused', () => {
    const whole = encodeLists([{ name: 'feed', kind: 'threat', ...pick(readList('threat', '203.0.113.9\n2001:db8::1')) }]);
    for (const wrong of [
      new Uint8Array(),
      Buffer.from('{"tor":[]}'),
      whole.subarray(0, whole.length - 1),
      whole.subarray(0, 40),
      whole.subarray(0, 18),
    ])
      expect(() => decodeLists(wrong)).toThrow(NotCompiled);
  });

  it('take eight bytes for a range of IPv4, thirty-two of IPv6, and four for its system', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `100.${String(index >> 7)}.${String((index & 127) * 2)}.1`);
    expect(readList('threat', lines.join('\n')).ranges.bytes).toBe(8 * lines.length);
    expect(readList('threat', '2001:db8::1\n2001:db8::3').ranges.bytes).toBe(64);
    expect(readList('as', '203.0.113.0/24,1\n198.51.100.0/24,2').ranges.bytes).toBe(24);
  });

  function pick({ ranges, systems: named }: ReturnType<typeof readList>): Pick<CompiledList, 'ranges' | 'systems'> {
    return { ranges, systems: named };
  }
});

describe('lists on a shelf', () => {
  const compiled = (address: string): Fetched => ({
    bytes: encodeLists([{ name: 'feed', kind: 'threat', ranges: readList('threat', address).ranges, systems: [] }]),
    version: address,
  });

  class Store {
    answer: Fetched | 'unchanged' | Error = compiled('203.0.113.9');
    time = 0;
    readonly asked: (string | undefined)[] = [];
    readonly failures: unknown[] = [];
    readonly shelf = new ListShelf([], ['threat']);
    readonly keeper = new ListKeeper(
      this.shelf,
      [{ name: 'exits', kind: 'tor', ranges: readList('tor', '203.0.113.77').ranges, systems: [] }],
      {
        fetch: (known) => {
          this.asked.push(known);
          return this.answer instanceof Error ? Promise.reject(this.answer) : Promise.resolve(this.answer);
        },
        now: () => this.time,
        failed: (error) => this.failures.push(error),
      },
    );

    async at(minutes: number): Promise<readonly string[]> {
      this.time = minutes * minute;
      await this.keeper.freshen();
      return ['203.0.113.9', '203.0.113.10', '203.0.113.77'].flatMap((address) => this.shelf.of(address).listings.map(({ name }) => name));
    }
  }

  it('are looked for at first, and again after an hour', async () => {
    const store = new Store();
    expect(await store.at(0)).toEqual(['feed', 'exits']);
    await store.at(59);
    expect(store.asked).toEqual([undefined]);
    store.answer = 'unchanged';
    expect(await store.at(60)).toEqual(['feed', 'exits']);
    store.answer = { ...compiled('203.0.113.8'), version: 'newer' };
    expect(await store.at(121)).toEqual(['exits']);
    expect(store.asked).toEqual([undefined, '203.0.113.9', '203.0.113.9']);
    expect(store.failures).toEqual([]);
  });

  it('hold while newer ones cannot be read, which is told and tried again after five minutes', async () => {
    const store = new Store();
    await store.at(0);
    for (const [minutes, answer] of [
      [60, new Error('slow down')],
      [65, { bytes: Buffer.from('x') }],
    ] as const) {
      store.answer = answer;
      expect(await store.at(minutes)).toEqual(['feed', 'exits']);
      expect(await store.at(minutes + 4)).toEqual(['feed', 'exits']);
    }
    expect(store.failures).toHaveLength(2);
    expect(store.asked).toHaveLength(3);
  });

  it('that are not there yet keep no detection off', async () => {
    const store = new Store();
    store.answer = new Error('no such key');
    expect(await store.at(0)).toEqual([]);
    expect([...store.shelf.kinds]).toEqual(['threat']);
    store.answer = compiled('203.0.113.9');
    expect(await store.at(5)).toEqual(['feed', 'exits']);
  });
});

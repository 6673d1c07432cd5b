import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import type { EventBase } from '../../shared/model/base.ts';
import { digest, memberLength } from '../../shared/model/hash.ts';
import { day, minute } from '../../shared/model/time.ts';
import { CounterHabits } from '../../shared/state/counter-habits.ts';
import { type Cell, cellOf, counterAt, lineageOf } from '../../shared/state/counts/cell.ts';
import { CountLog, fullLog, logMinutes, sortOf } from '../../shared/state/counts/count-log.ts';
import { CountLogs, type Share } from '../../shared/state/counts/count-logs.ts';
import { firedMerge, tallied, tallyDays, tallyKey } from '../../shared/state/counts/tallies.ts';
import { minutesAround, type WindowCount, windowCounts } from '../../shared/state/counts/windows.ts';
import { lineKeys, parentKey, profileKey } from '../../shared/state/profile.ts';
import { combine, type ListPart, placeOf, type StateStore } from '../../shared/state/store.ts';
import { cellsAt, cellsIn, count } from '../support/counts.ts';

const runs = Number(process.env['LAW_RUNS'] ?? 200);

const event = { scope: { account: '111122223333', region: 'eu-central-1', cluster: 'harbour' }, time: 90 * minute, key: 'k' } as EventBase;
const counter = (within: string | undefined, by: readonly string[], minutes = 5, at: EventBase = event): string =>
  cellOf('burst', at, { within, by, minutes }, 'member').counter;

describe('the name of a counter', () => {
  it('tells its detection, its cluster and its group', () => {
    const [one, other] = [counter('shop', ['ann']), counter('shop', ['bob'])];
    expect(one).not.toBe(other);
    expect({ ...lineageOf(one), path: '' }).toEqual({ ...lineageOf(other), path: '' });
    expect(lineageOf(one).detection).toBe('burst');
    expect(lineageOf(counter('bank', ['ann'])).scope).toBe(lineageOf(one).scope);
    expect(lineageOf(counter('bank', ['ann'])).group).not.toBe(lineageOf(one).group);
    const elsewhere = { ...event, scope: { ...event.scope, cluster: 'pier' } } as EventBase;
    expect(lineageOf(counter('shop', ['ann'], 5, elsewhere)).scope).not.toBe(lineageOf(one).scope);
    expect(lineageOf(counter(undefined, ['ann'])).group).toBeUndefined();
    expect(lineageOf(counter('', ['ann'])).group).toMatch(/^[\w-]{2,}$/);
  });

  it('is another for other parts, however they are written', () => {
    const parts = fc.array(fc.string({ unit: fc.constantFrom('a', '1', ' ', '\n', '-') }), { maxLength: 3 });
    const within = fc.option(fc.string({ unit: fc.constantFrom('a', '1', ' ', '\n', '-'), maxLength: 3 }), { nil: undefined });
    fc.assert(
      fc.property(within, parts, within, parts, (one, by, other, whose) => {
        const equal = JSON.stringify([one, by]) === JSON.stringify([other, whose]) && (one === undefined) === (other === undefined);
        expect(counter(one, by) === counter(other, whose)).toBe(equal);
      }),
    );
  });

  it('tells where its line of profiles stands, and is told by the keys of its tallies', () => {
    const name = counter('shop', ['ann']);
    expect(tallied(tallyKey(name, 20_500))).toEqual({ counter: name, day: 20_500 });
    expect(placeOf(tallyKey(name, 20_500)).partition).toBe(placeOf(tallyKey(name, 20_501)).partition);
    const { scope, group, path } = lineageOf(name);
    expect(counterAt('burst', scope, path)).toBe(name);
    expect(lineKeys(name)).toEqual([
      ['own', profileKey(name)],
      ['group', parentKey('burst', scope, group)],
      ['cluster', parentKey('burst', scope)],
      ['fleet', parentKey('burst')],
    ]);
    expect(lineKeys(counter(undefined, ['ann'])).map(([whose]) => whose)).toEqual(['own', 'cluster', 'fleet']);
  });
});

/** Cells of two counters around the end of a log. */
const seam = 28_000 * logMinutes;
const cell = fc
  .record({ whose: fc.constantFrom('x', 'y'), minute: fc.integer({ min: seam - 70, max: seam + 70 }), member: fc.nat({ max: 6 }) })
  .map(({ whose, minute: at, member }): Cell => ({
    counter: `window:burst:a/-/${whose}`,
    minute: at,
    member: digest(memberLength, [String(member)]),
  }));
const share = (minutes: number) =>
  fc.array(cell, { minLength: 1, maxLength: 5 }).map((cells): Share => ({ name: { source: 'api', scope: 'a' }, cells, minutes }));
const windowLength = fc.constantFrom(1, 5, 60);

describe('the logs of counts', () => {
  it('hold what was added, in whatever order, by however many at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(windowLength.chain(share), { maxLength: 4 }), { maxLength: 8 }),
        fc.scheduler(),
        async (batches, scheduler) => {
          const state = new MemoryState();
          const store = interleaved(state, scheduler);
          const processes = [0, 1, 2].map(() => new CountLogs(store));
          await scheduler.waitFor(Promise.all(batches.map((batch, turn) => (processes[turn % 3] as CountLogs).add(batch))));
          const cells = batches.flat().flatMap(({ cells: some }) => some);
          const expected = new Set(cells.map(({ counter: name, minute: at, member }) => `api ${name} ${String(at)} ${member}`));
          expect(cellsIn(state)).toEqual([...expected].sort());
        },
      ),
      { numRuns: runs, seed: 20260401 },
    );
  });

  it('show every window to at least one of those who fill it at once', async () => {
    let together = 0;
    await fc.assert(
      fc.asyncProperty(
        windowLength.chain((minutes) => fc.array(share(minutes), { minLength: 2, maxLength: 6 })),
        fc.scheduler(),
        async (shares, scheduler) => {
          const store = interleaved(new MemoryState(), scheduler);
          const greatest = new Map<string, number>();
          const add = async (one: Share): Promise<void> => {
            const logs = new CountLogs(store);
            await logs.add([one]);
            for (const name of new Set(one.cells.map((each) => each.counter)))
              for (const { start, count } of windowsOf(logs.of(one), name, one))
                greatest.set(
                  `${name} ${String(start)} ${String(one.minutes)}`,
                  Math.max(count, greatest.get(`${name} ${String(start)} ${String(one.minutes)}`) ?? 0),
                );
          };
          await scheduler.waitFor(Promise.all(shares.map(add)));
          const whole = new CountLogs(store);
          const everything = shares.map((one) => ({ ...one, cells: shares.flatMap(({ cells: some }) => some) }));
          await scheduler.waitFor(whole.add(everything));
          for (const one of shares)
            for (const name of new Set(one.cells.map((each) => each.counter)))
              for (const { start, count } of windowsOf(whole.of(one), name, one)) {
                expect(greatest.get(`${name} ${String(start)} ${String(one.minutes)}`)).toBe(count);
                if (count > one.cells.length) together += 1;
              }
        },
      ),
      { numRuns: runs, seed: 20260402 },
    );
    expect(together).toBeGreaterThan(10);
  });

  it('take no more of a minute that is full', async () => {
    const state = new MemoryState();
    const logs = new CountLogs(state);
    const many = cellsAt('window:burst:a/-/x', 0, 600);
    await logs.add([{ name: { source: 'api', scope: 'a' }, cells: many, minutes: 5 }]);
    const before = cellsIn(state).length;
    await logs.add([{ name: { source: 'api', scope: 'a' }, cells: cellsAt('window:burst:a/-/x', 1, 600), minutes: 5 }]);
    expect(cellsIn(state)).toHaveLength(before);
  });

  it('take no counters that are new to a log that is full, and go on with the others', () => {
    const full = new CountLog({ source: 'api', scope: 'a', number: 0 });
    full.take(JSON.stringify([['burst', [['-/x', '00aaaaaaaa'.repeat(fullLog / 10)]]]]));
    const cells = ['x', 'y'].flatMap((whose) => cellsAt(`window:burst:a/-/${whose}`, 100 * minute, 1));
    expect(full.documentsFor(cells).join()).toContain('-/x');
    expect(full.documentsFor(cells).join()).not.toContain('-/y');
  });

  it('are read on by a process that knows a part of them, and not read by one that is alone', async () => {
    const lists: string[] = [];
    const state = new MemoryState();
    const store = Object.assign(Object.create(state) as MemoryState, {
      list: (partition: string, part: ListPart) => {
        lists.push(part.from ?? '');
        return state.list(partition, part);
      },
    });
    const [one, other] = [new CountLogs(store), new CountLogs(store)];
    const add = (logs: CountLogs, at: number) =>
      logs.add([{ name: { source: 'api', scope: 'a' }, cells: cellsAt('window:burst:a/-/x', at * minute, 1), minutes: 5 }]);
    for (const at of [100, 101, 102]) await add(one, at);
    expect(lists).toEqual([sortOf(0)]);
    await add(other, 103);
    await add(one, 104);
    expect(lists).toEqual([0, 0, 3].map(sortOf));
  });
});

describe('what a counter teaches', () => {
  it('is how much each stretch of its days held, but those in which it raised something', async () => {
    const cells = fc.array(fc.tuple(fc.integer({ min: 28_000_000, max: 28_002_000 }), fc.nat({ max: 9 })), { maxLength: 80 });
    const raised = fc.uniqueArray(fc.integer({ min: 28_000_000, max: 28_002_000 }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(cells, raised, fc.constantFrom(1, 5, 10, 15, 60), fc.nat({ max: 80 }), async (some, fired, length, cut) => {
        const name = 'window:burst:a/-/x';
        const state = new MemoryState();
        const members = some.map(([at, member]) => ({ counter: name, minute: at, member: digest(memberLength, [String(member)]) }));
        // Some come after their day was tallied.
        for (const part of [members.slice(0, cut), members.slice(cut)]) {
          await count(state, part);
          expect(await tallyDays(new Map([['burst', length]]), state, 28_010_000 * minute)).toBe(true);
        }
        await state.merge(combine(fired.map((at) => firedMerge(name, Math.floor(at / length), length))));
        const habits = new CounterHabits(name, length);
        for await (const { items } of state.scan({ segment: 0, of: 1 }))
          for (const item of items) if (tallied(item.key).counter === name) habits.add(item);

        const silent = new Set(fired.flatMap((at) => [Math.floor(at / length), Math.floor(at / length) + 1]));
        const windows = new Map<number, Set<number>>();
        for (const [at, member] of some) {
          const stretch = Math.floor(at / length);
          if (!silent.has(stretch)) windows.set(stretch, (windows.get(stretch) ?? new Set()).add(member));
        }
        const expected = [...windows.values()].map(({ size }) => size).sort();
        const learnt = [...(habits.classes().get('all') ?? [])].flatMap(([size, times]) => Array<number>(times).fill(size));
        expect(learnt.sort()).toEqual(expected);
      }),
      { numRuns: runs, seed: 20260403 },
    );
  });

  it('waits for the end of the day, and is gone on with where time ran out', async () => {
    const state = new MemoryState();
    await count(state, [...cellsAt('window:burst:a/-/x', day, 3), ...cellsAt('window:burst:a/-/x', 2 * day, 4)]);
    const lengths = new Map([['burst', 5]]);
    const tallies = async () => (await state.read([1, 2].map((on) => tallyKey('window:burst:a/-/x', on)))).size;
    expect(await tallyDays(lengths, state, 2 * day - 1)).toBe(true);
    expect(await tallies()).toBe(0);
    let looks = 1;
    expect(await tallyDays(lengths, state, 4 * day, () => (looks -= 1) >= 0)).toBe(false);
    expect(await tallies()).toBe(1);
    expect(await tallyDays(lengths, state, 4 * day)).toBe(true);
    expect(await tallies()).toBe(2);
  });

  it('is told by windows that lie in no two logs', () => {
    for (const { detection } of catalogue)
      if (detection.shape === 'threshold') expect(logMinutes % detection.count.minutes, detection.id).toBe(0);
  });
});

/** A store whose every call is delayed until the scheduler lets it go, before and after it takes effect. */
function interleaved(store: MemoryState, scheduler: fc.Scheduler): StateStore {
  return new Proxy(store, {
    get(target, property) {
      const method = Reflect.get(target, property) as unknown;
      if (typeof method !== 'function') return method;
      return async (...parameters: unknown[]): Promise<unknown> => {
        await scheduler.schedule(Promise.resolve(), `before ${String(property)}`);
        const result = (await Reflect.apply(method, target, parameters)) as unknown;
        await scheduler.schedule(Promise.resolve(), `after ${String(property)}`);
        return result;
      };
    },
  });
}

function windowsOf(logs: readonly CountLog[], name: string, { cells, minutes }: Share): readonly WindowCount[] {
  const changed = cells.filter((one) => one.counter === name).map((one) => one.minute);
  return windowCounts(minutesAround(logs, name, changed, minutes), changed, minutes);
}

import { describe, expect, test } from 'vitest';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { flow } from '../../shared/detect/kit.ts';
import { tickAt } from '../../shared/model/event.ts';
import { hour } from '../../shared/model/time.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { lawCatalogue } from './catalogue.ts';
import { site, deliver, recordOf, start } from './histories.ts';

/** The roll-up of the law catalogue fires from 1 000 bytes on: one payload holds 600. */
const payload = [recordOf({ at: start, kind: 'flow', bytes: 600 }, 1)];
const another = [recordOf({ at: start, kind: 'flow', bytes: 600 }, 2)];

async function foundAfter(...payloads: (typeof payload)[]): Promise<number> {
  const world = { state: new MemoryState(), findings: new MemoryFindings(), site };
  for (const records of payloads) await deliver(new Pipeline(lawCatalogue, world), records);
  return (await new Pipeline(lawCatalogue, world).tick(tickAt(start + 3 * hour))).findings.length;
}

test('a payload of flow lines that is delivered again is not summed again', async () => {
  expect(await foundAfter(payload, payload)).toBe(0);
  expect(await foundAfter(payload, another)).toBe(1);
});

test('a payload that comes after its hour was judged opens it again, even where the process opened it before', async () => {
  const world = { state: new MemoryState(), findings: new MemoryFindings(), site };
  const process = new Pipeline(lawCatalogue, world);
  await deliver(process, payload);
  expect((await process.tick(tickAt(start + 3 * hour))).findings).toEqual([]);
  await deliver(
    process,
    another.map((record) => ({ ...record, ingested: start + 4 * hour })),
  );
  expect((await process.tick(tickAt(start + 5 * hour))).findings).toHaveLength(1);
});

/** Everything a tick asks of the state table. */
const calls = ['read', 'list', 'remove'] as const;
const moments = calls.flatMap((call) => (['before', 'after'] as const).map((when) => ({ call, when })));

/** A store that lets something happen before or after one of its calls, once. */
function disturbed(store: MemoryState, { call, when }: (typeof moments)[number], happens: () => Promise<void>): MemoryState {
  let pending = true;
  const once = async (now: typeof when): Promise<void> => {
    if (!pending || now !== when) return;
    pending = false;
    await happens();
  };
  return new Proxy(store, {
    get(target, property) {
      const method = Reflect.get(target, property) as (...parameters: unknown[]) => unknown;
      if (property !== call) return typeof method === 'function' ? method.bind(target) : method;
      return async (...parameters: unknown[]): Promise<unknown> => {
        await once('before');
        const result = await Reflect.apply<unknown, unknown[], unknown>(method, target, parameters);
        await once('after');
        return result;
      };
    },
  });
}

const late = (records: typeof payload): typeof payload => records.map((record) => ({ ...record, ingested: start + 4 * hour }));

describe('a payload that comes later than the bound, while a tick judges its hour', () => {
  test.each(moments)('is judged by this tick or the next one: $when $call', async (moment) => {
    const world = { state: new MemoryState(), findings: new MemoryFindings(), site };
    // The hour is open, by a payload that came in time and one that was late itself.
    await deliver(new Pipeline(lawCatalogue, world), payload);
    await deliver(new Pipeline(lawCatalogue, world), late([recordOf({ at: start, kind: 'flow', bytes: 1 }, 3)]));
    const arrives = (): Promise<void> => deliver(new Pipeline(lawCatalogue, world), late(another));
    const surprised = new Pipeline(lawCatalogue, { ...world, state: disturbed(world.state, moment, arrives) });
    const now = (await surprised.tick(tickAt(start + 4 * hour))).findings;
    const next = (await new Pipeline(lawCatalogue, world).tick(tickAt(start + 5 * hour))).findings;
    expect(new Set([...now, ...next].map(({ id }) => id)).size).toBe(1);
    expect((await new Pipeline(lawCatalogue, world).tick(tickAt(start + 6 * hour))).findings).toEqual([]);
  });

  test.each(moments)('is judged though the tick dies: $when $call', async (moment) => {
    const world = { state: new MemoryState(), findings: new MemoryFindings(), site };
    await deliver(new Pipeline(lawCatalogue, world), payload);
    const dies = async (): Promise<void> => {
      await deliver(new Pipeline(lawCatalogue, world), late(another));
      throw new Error('out of memory');
    };
    const dying = new Pipeline(lawCatalogue, { ...world, state: disturbed(world.state, moment, dies) });
    await expect(dying.tick(tickAt(start + 4 * hour))).rejects.toThrow('out of memory');
    await new Pipeline(lawCatalogue, world).tick(tickAt(start + 5 * hour));
    expect(world.findings.all()).toHaveLength(1);
  });
});

test('a roll-up that fails is a fault, and no reason to lose what others find in the hour, or in the next', async () => {
  const broken = flow.rollup({
    id: 'broken',
    title: 'broken',
    severity: 'low',
    confidence: 'low',
    attack: ['T1041'],
    rows: [],
    next: 'Look.',
    judge: () => {
      throw new Error('cannot divide');
    },
  });
  const detections = [{ strategy: 'laws', detection: broken }, ...lawCatalogue];
  const world = { state: new MemoryState(), findings: new MemoryFindings(), site };
  const nextHour = recordOf({ at: start + hour, kind: 'flow', bytes: 2_000 }, 3);
  await deliver(new Pipeline(detections, world), [...payload, ...another, nextHour]);
  const { findings, faults } = await new Pipeline(detections, world).tick(tickAt(start + 3 * hour));
  expect(findings.map(({ detection }) => detection)).toEqual(['volume', 'volume']);
  expect(faults).toEqual([1, 2].map(() => ({ detection: 'broken', reason: 'Error: cannot divide' })));
  expect((await new Pipeline(detections, world).tick(tickAt(start + 4 * hour))).faults).toEqual([]);
});

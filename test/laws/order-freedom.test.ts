import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { addressBook } from '../../shared/model/addresses.ts';
import { tickAt } from '../../shared/model/event.ts';
import { flowFormatOf } from '../../shared/model/flow-line.ts';
import type { LogRecord } from '../../shared/model/record.ts';
import { day, dayOf, hour, minute, weekOf } from '../../shared/model/time.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import type { StateStore } from '../../shared/state/store.ts';
import { fold } from '../../shared/triage/alert.ts';
import type { Alert } from '../../shared/triage/alert.ts';
import { auditBatch, auditLine, scope } from '../support/records.ts';
import { lawCatalogue, noveltyDays, warmUpDays } from './catalogue.ts';

/**
 * Order-freedom: an ordered replay and any split into batches, duplication, re-batching and interleaving of
 * concurrent invocations, each record at most L late, come to the same findings, memory and alerts.
 */

const start = Date.UTC(2026, 2, 9, 6);
const book = addressBook({ vpc: ['10.0.0.0/16'], named: {}, aws: [] });
/** Records arrive up to this late; what runs concurrently takes its time within the rest of the bound. */
const displacement = 10 * minute;
const bound = 15 * minute;

/** Something that happened, small enough for a model to predict what follows. */
type Happening =
  | { readonly at: number; readonly kind: 'secrets' | 'configmaps'; readonly who: string; readonly net: number }
  | { readonly at: number; readonly kind: 'pod' | 'deletion'; readonly who: string }
  | { readonly at: number; readonly kind: 'deployment'; readonly image: string }
  | { readonly at: number; readonly kind: 'flow'; readonly bytes: number };

interface Arrival {
  readonly happening: Happening;
  readonly record: LogRecord;
  /** When it is delivered. */
  readonly time: number;
}

function recordOf(happening: Happening, position: number): LogRecord {
  const id = `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`;
  return { id, message: messageOf(happening, id, position) };
}

function messageOf(happening: Happening, id: string, position: number): string {
  const { at, kind } = happening;
  switch (kind) {
    case 'secrets':
    case 'configmaps':
      return auditLine({ at, id, who: happening.who, from: `192.0.${String(happening.net)}.7`, resource: kind });
    case 'pod':
      return auditLine({ at, id, who: happening.who, verb: 'create', resource: 'pods' });
    case 'deletion':
      return auditLine({ at, id, who: happening.who, verb: 'delete', resource: 'pods' });
    case 'deployment':
      return auditLine({
        at,
        id,
        verb: 'update',
        resource: 'deployments',
        name: 'web',
        response: { spec: { image: happening.image }, metadata: { name: 'web' } },
      });
    case 'flow': {
      const seconds = String(Math.floor(at / 1000));
      return `2 111122223333 eni-0a 10.0.0.5 203.0.113.9 ${String(40_000 + position)} 443 6 3 ${String(happening.bytes)} ${seconds} ${seconds} ACCEPT OK`;
    }
  }
}

async function deliver(pipeline: Pipeline, records: readonly LogRecord[]): Promise<void> {
  const isFlow = (record: LogRecord): boolean => !record.message.startsWith('{');
  const audit = records.filter((record) => !isFlow(record));
  const flows = records.filter(isFlow);
  if (audit.length > 0) await pipeline.analyse(auditBatch(audit));
  const format = flowFormatOf(
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  );
  if (flows.length > 0) await pipeline.analyse({ log: 'flow', format, scope, place: 'flow', records: flows, rejects: [], skipped: {} });
}

interface Outcome {
  readonly ids: ReadonlySet<string>;
  readonly memory: string;
  readonly alerts: string;
}

/** What is left once everything arrived and time has moved past the last bound. */
async function outcomeOf(state: MemoryState, findings: MemoryFindings, last: number): Promise<Outcome> {
  await new Pipeline(lawCatalogue, { state, findings, book }).tick(tickAt(last + 3 * hour));
  const alerts = new Map<string, Alert>();
  for (const group of findings.all()) alerts.set(group.fingerprint, fold(alerts.get(group.fingerprint), group, undefined));
  const items = [...state.dump()].flatMap((entry) => ('merge' in entry && !entry.merge.key.startsWith('seen:grave') ? [entry.merge] : []));
  return {
    ids: new Set(findings.all().flatMap(({ ids }) => ids)),
    memory: items
      .map(
        ({ key, sets }) =>
          `${key} ${JSON.stringify(
            Object.entries(sets)
              .map(([name, members]) => [name, [...members].sort()])
              .sort(),
          )}`,
      )
      .sort()
      .join('\n'),
    alerts: [...alerts.values()]
      .map(({ id, state: standing, count }) => `${id} ${standing} ${String(count)}`)
      .sort()
      .join('\n'),
  };
}

async function orderedReplay(happenings: readonly Happening[]): Promise<Outcome> {
  const state = new MemoryState();
  const findings = new MemoryFindings();
  const pipeline = new Pipeline(lawCatalogue, { state, findings, book });
  for (const [position, happening] of happenings.entries()) await deliver(pipeline, [recordOf(happening, position)]);
  return outcomeOf(state, findings, happenings.at(-1)?.at ?? start);
}

/** A store whose every call is delayed until the scheduler lets it go, before and after it takes effect. */
function interleaved(store: StateStore, schedule: (label: string) => Promise<void>): StateStore {
  const around = async <T>(label: string, call: () => Promise<T>): Promise<T> => {
    await schedule(`before ${label}`);
    const result = await call();
    await schedule(`after ${label}`);
    return result;
  };
  return {
    read: (keys, consistency) => around('read', () => store.read(keys, consistency)),
    merge: (merges) => around('merge', () => store.merge(merges)),
    remove: (removals) => around('remove', () => store.remove(removals)),
    put: (documents) => around('put', () => store.put(documents)),
    list: (partition) => around('list', () => store.list(partition)),
    scan: (prefix) => store.scan(prefix),
  };
}

/** Delivers in waves: the batches of a wave run concurrently, each in a process of its own. */
async function scattered(waves: readonly (readonly Arrival[])[][], last: number, scheduler: fc.Scheduler): Promise<Outcome> {
  const state = new MemoryState();
  const findings = new MemoryFindings();
  const store = interleaved(state, (label) => scheduler.schedule(Promise.resolve(), label));
  const processes = [0, 1, 2].map(() => new Pipeline(lawCatalogue, { state: store, findings, book }));
  for (const wave of waves) {
    await scheduler.waitFor(
      Promise.all(
        wave.map((batch, position) =>
          deliver(
            processes[position % 3] as Pipeline,
            batch.map(({ record }) => record),
          ),
        ),
      ),
    );
  }
  return outcomeOf(state, findings, last);
}

const moment = fc.integer({ min: 0, max: 6 * 24 * 60 }).map((minutes) => start + minutes * minute);
const who = fc.constantFrom('alpha', 'beta');
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      at: moment,
      kind: fc.constantFrom('secrets' as const, 'configmaps' as const),
      who,
      net: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ at: moment, kind: fc.constant('pod' as const), who }) },
  { weight: 2, arbitrary: fc.record({ at: moment, kind: fc.constant('flow' as const), bytes: fc.integer({ min: 100, max: 900 }) }) },
);

/** A container spray: many pods within minutes. */
const spray = fc
  .record({ at: moment, who, gaps: fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 10, maxLength: 24 }) })
  .map(({ at, who: sprayer, gaps }) => {
    let time = at;
    return gaps.map((gap): Happening => ({ at: (time += gap * 1000), kind: 'pod', who: sprayer }));
  });

/** Deletions over most of an hour: no quarter-hour holds enough of them. */
const slow = fc
  .record({ at: moment, who, gaps: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 9 }) })
  .map(({ at, who: deleter, gaps }) => {
    let time = at;
    return gaps.map((gap): Happening => ({ at: (time += gap * minute), kind: 'deletion', who: deleter }));
  });

/** One object's writes keep their order: they are further apart than records can be displaced. */
const rollout = fc
  .array(fc.record({ gap: fc.integer({ min: 16, max: 600 }), image: fc.constantFrom('a', 'b', 'c') }), { maxLength: 6 })
  .map((steps) => {
    let at = start;
    return steps.map(({ gap, image }): Happening => ({ at: (at += gap * minute), kind: 'deployment', image }));
  });

const history = fc
  .tuple(fc.array(happening, { minLength: 10, maxLength: 60 }), fc.array(fc.oneof(spray, slow), { maxLength: 3 }), rollout)
  .map(([some, sprays, steps]) =>
    [...some, ...sprays.flat(), ...steps]
      .sort((a, b) => a.at - b.at)
      .map((event, position): Happening => ({ ...event, at: event.at + position })),
  );

/** How a history is delivered: delays, batch sizes, which batches share a wave, which records come twice. */
const delivery = fc.record({
  delays: fc.array(fc.integer({ min: 0, max: displacement }), { minLength: 40, maxLength: 40 }),
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 20, maxLength: 20 }),
  again: fc.array(fc.boolean(), { minLength: 17, maxLength: 17 }),
});

function wavesOf(
  happenings: readonly Happening[],
  { delays, sizes, again }: typeof delivery extends fc.Arbitrary<infer D> ? D : never,
): Arrival[][][] {
  const arrivals = happenings.flatMap((what, position): Arrival[] => {
    const record = recordOf(what, position);
    const first = { happening: what, record, time: what.at + (delays[position % delays.length] ?? 0) };
    // Byte sums are exact only while a payload's lines stay together: flow lines are not delivered twice here.
    const repeat = again[position % again.length] === true && what.kind !== 'flow';
    return repeat ? [first, { ...first, time: what.at + (delays[(position * 7) % delays.length] ?? 0) }] : [first];
  });
  arrivals.sort((a, b) => a.time - b.time);
  const waves: Arrival[][][] = [];
  let batches = 0;
  while (arrivals.length > 0) {
    const wave: Arrival[][] = [];
    const opened = arrivals[0]?.time ?? 0;
    // What runs concurrently arrived within the rest of the lateness bound.
    while (wave.length < 3 && (arrivals[0]?.time ?? Infinity) - opened < bound - displacement) {
      const size = sizes[batches % sizes.length] ?? 1;
      const batch = arrivals.splice(
        0,
        arrivals.findIndex(({ time }, index) => index >= size || time - opened >= bound - displacement) >>> 0,
      );
      if (batch.length === 0) break;
      wave.push(batch);
      batches += 1;
    }
    waves.push(wave);
  }
  return waves;
}

const runs = Number(process.env['LAW_RUNS'] ?? 150);

describe('order-freedom', () => {
  test('memory, thresholds, roll-ups, snapshots and alerts come to the same, however records are delivered', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(history, delivery, fc.scheduler(), async (happenings, how, scheduler) => {
        const exact = happenings.filter(({ kind }) => kind !== 'configmaps' && kind !== 'secrets');
        const ordered = await orderedReplay(exact);
        const other = await scattered(wavesOf(exact, how), exact.at(-1)?.at ?? start, scheduler);
        expect(other.ids).toEqual(ordered.ids);
        expect(other.memory).toEqual(ordered.memory);
        expect(other.alerts).toEqual(ordered.alerts);
        found += other.ids.size;
      }),
      { numRuns: runs, seed: 20260309 },
    );
    expect(found).toBeGreaterThan(runs);
  });

  test('mild novelty teaches the same, whatever it finds on the way', async () => {
    await fc.assert(
      fc.asyncProperty(history, delivery, fc.scheduler(), async (happenings, how, scheduler) => {
        const reads = happenings.filter(({ kind }) => kind === 'secrets');
        const ordered = await orderedReplay(reads);
        const other = await scattered(wavesOf(reads, how), reads.at(-1)?.at ?? start, scheduler);
        expect(other.memory).toEqual(ordered.memory);
      }),
      { numRuns: runs, seed: 20260310 },
    );
  });

  test('novelty lies between what an eager and a lazy replay find, and nearly always both agree', async () => {
    let agreed = 0;
    let disputed = 0;
    await fc.assert(
      fc.asyncProperty(history, delivery, fc.scheduler(), async (happenings, how, scheduler) => {
        const reads = happenings.filter((event): event is Novel => event.kind === 'configmaps');
        const found = await idsByPosition(reads, how, scheduler);
        const eager = eagerModel(reads);
        const lazy = lazyModel(reads);
        for (const position of eager) expect(found).toContain(position);
        for (const position of found) expect(lazy).toContain(position);
        agreed += eager.size;
        disputed += lazy.size - eager.size;
      }),
      { numRuns: runs, seed: 20260311 },
    );
    expect(agreed).toBeGreaterThan(50);
    expect(agreed / (agreed + disputed)).toBeGreaterThanOrEqual(0.95);
  });
});

type Novel = Extract<Happening, { kind: 'secrets' | 'configmaps' }>;

/** Positions of the reads that were found novel. */
async function idsByPosition(
  reads: readonly Novel[],
  how: Parameters<typeof wavesOf>[1],
  scheduler: fc.Scheduler,
): Promise<ReadonlySet<number>> {
  const findings = new MemoryFindings();
  const state = new MemoryState();
  const store = interleaved(state, (label) => scheduler.schedule(Promise.resolve(), label));
  const processes = [0, 1, 2].map(() => new Pipeline(lawCatalogue, { state: store, findings, book }));
  const found = new Set<number>();
  for (const wave of wavesOf(reads, how)) {
    const reports = wave.map((batch, position) =>
      (processes[position % 3] as Pipeline).analyse(auditBatch(batch.map(({ record }) => record))),
    );
    for (const { findings: some } of await scheduler.waitFor(Promise.all(reports))) {
      for (const { evidence } of some) for (const { eventId } of evidence) found.add(Number(eventId?.slice(-12)));
    }
  }
  return found;
}

/**
 * The least that can be found: observations are visible L early, warm-up ends L late. What is found even so is found
 * always, and so teaches never: the model is repeated without those lessons until nothing more is certain.
 */
function eagerModel(reads: readonly Novel[]): ReadonlySet<number> {
  let certain: ReadonlySet<number> = new Set();
  for (;;) {
    const taught = reads.filter((_, position) => !certain.has(position));
    const next = novel(reads, (read) => {
      const own = taught.filter((other) => other !== read && other.who === read.who && other.at <= read.at + bound);
      const born = Math.min(...own.filter((other) => other.at <= read.at - bound).map(({ at }) => dayOf(at)));
      const learning = !(dayOf(read.at) - born >= warmUpDays);
      return !learning && !own.some((other) => other.net === read.net && alive(other, read));
    });
    if (next.size === certain.size) return certain;
    certain = next;
  }
}

/** The most that can be found: observations become visible L late, warm-up ends L early, a finding withholds its lesson. */
function lazyModel(reads: readonly Novel[]): ReadonlySet<number> {
  const withheld = new Set<Novel>();
  return novel(reads, (read) => {
    const own = reads.filter((other) => other !== read && other.who === read.who);
    const born = Math.min(...own.filter((other) => other.at <= read.at + bound).map(({ at }) => dayOf(at)));
    const learning = !(dayOf(read.at) - born >= warmUpDays);
    const known = own.some((other) => other.at <= read.at - bound && !withheld.has(other) && other.net === read.net && alive(other, read));
    if (!learning && !known) withheld.add(read);
    return !learning && !known;
  });
}

function alive(seen: Novel, read: Novel): boolean {
  return weekOf(seen.at) >= weekOf(read.at - noveltyDays * day);
}

function novel(reads: readonly Novel[], isNew: (read: Novel) => boolean): ReadonlySet<number> {
  return new Set(reads.flatMap((read, position) => (isNew(read) ? [position] : [])));
}

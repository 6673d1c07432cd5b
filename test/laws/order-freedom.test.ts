import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { membersOf } from '../../shared/detect/finding-group.ts';
import { tickAt } from '../../shared/model/event.ts';
import { hour, iso } from '../../shared/model/time.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import type { StateStore } from '../../shared/state/store.ts';
import { fold } from '../../shared/triage/alert.ts';
import type { Alert } from '../../shared/triage/alert.ts';
import { cellsIn } from '../support/counts.ts';
import { meaningOf } from '../support/meaning.ts';
import { auditBatch } from '../support/records.ts';
import { lawCatalogue } from './catalogue.ts';
import { type Arrival, site, deliver, delivery, type Happening, history, recordOf, start, wavesOf } from './histories.ts';
import { eager, lazy } from './novelty-models.ts';

/**
 * Order-freedom: an ordered replay and any split into batches, duplication, re-batching and interleaving of
 * concurrent invocations, each record at most L late, come to the same findings, memory and alerts.
 */

interface Outcome {
  readonly ids: ReadonlySet<string>;
  /** When each finding was, as sequences see it. */
  readonly times: ReadonlySet<string>;
  readonly memory: string;
  readonly alerts: string;
}

/** What is left once everything arrived and time has moved past the last bound. */
async function outcomeOf(state: MemoryState, findings: MemoryFindings, last: number): Promise<Outcome> {
  await new Pipeline(lawCatalogue, { state, findings, site }).tick(tickAt(last + 3 * hour));
  const alerts = new Map<string, Alert>();
  for (const group of findings.all()) alerts.set(group.fingerprint, fold(alerts.get(group.fingerprint), group, undefined));
  const items = [...state.dump()].flatMap((entry) => ('merge' in entry && !entry.merge.key.startsWith('seen:grave') ? [entry.merge] : []));
  return {
    ids: new Set(findings.all().flatMap(({ ids }) => ids)),
    times: new Set(
      findings.all().flatMap((group) => membersOf(group).map(({ id, time, until = time }) => `${id} ${iso(time)} ${iso(until)}`)),
    ),
    memory: [...cellsIn(state), ...items.map((item) => `${item.key} ${JSON.stringify(meaningOf(item))}`)].sort().join('\n'),
    alerts: [...alerts.values()]
      .map(({ id, state: standing, count }) => `${id} ${standing} ${String(count)}`)
      .sort()
      .join('\n'),
  };
}

async function orderedReplay(happenings: readonly Happening[]): Promise<Outcome> {
  const state = new MemoryState();
  const findings = new MemoryFindings();
  const pipeline = new Pipeline(lawCatalogue, { state, findings, site });
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
    putNew: (document) => around('put', () => store.putNew(document)),
    list: (partition, part) => around('list', () => store.list(partition, part)),
    scan: (part) => store.scan(part),
  };
}

/** Delivers in waves: the batches of a wave run concurrently, each in a process of its own. */
async function scattered(waves: readonly (readonly Arrival[])[][], last: number, scheduler: fc.Scheduler): Promise<Outcome> {
  const state = new MemoryState();
  const findings = new MemoryFindings();
  const store = interleaved(state, (label) => scheduler.schedule(Promise.resolve(), label));
  const processes = [0, 1, 2].map(() => new Pipeline(lawCatalogue, { state: store, findings, site }));
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
        expect(other.times).toEqual(ordered.times);
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
        const certain = eager(reads);
        const possible = lazy(reads);
        for (const position of certain) expect(found).toContain(position);
        for (const position of found) expect(possible).toContain(position);
        agreed += certain.size;
        disputed += possible.size - certain.size;
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
  const processes = [0, 1, 2].map(() => new Pipeline(lawCatalogue, { state: store, findings, site }));
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

import { describe, expect, test } from 'vitest';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { siteOf } from '../../shared/model/site.ts';
import type { LogRecord } from '../../shared/model/record.ts';
import { day, minute } from '../../shared/model/time.ts';
import { Pipeline, type Ports } from '../../shared/pipeline.ts';
import { type Alert, fold } from '../../shared/triage/alert.ts';
import { cellsIn } from '../support/counts.ts';
import { graphFactsIn } from '../support/graph.ts';
import { meaningOf } from '../support/meaning.ts';
import { auditBatch, auditLine, recordsOf } from '../support/records.ts';
import { lawCatalogue } from './catalogue.ts';

/**
 * A process may die before or after any effect. The payload is delivered again, perhaps cut differently: no finding
 * is lost and no count doubled. The ports themselves list the effects, so a new one cannot go untested.
 */

const start = Date.UTC(2026, 2, 9, 6);
const site = siteOf();

/** Everything `analyse-audit` may do outside itself. A port that gains a method fails the test until it is named here. */
const effects = ['state.read', 'state.list', 'state.put', 'state.putNew', 'state.merge', 'findings.record'];

class Crash extends Error {}

interface World {
  readonly state: MemoryState;
  readonly findings: MemoryFindings;
}

/** Ports that list their calls and die at a chosen one. */
function mortal(
  { state, findings }: World,
  dieAt: { readonly call: number; readonly when: 'before' | 'after' } | undefined,
  calls: string[],
): Ports {
  const watch = <T extends object>(name: string, port: T): T =>
    new Proxy(port, {
      get(target, property) {
        const method = Reflect.get(target, property) as unknown;
        if (typeof method !== 'function') return method;
        return async (...parameters: unknown[]): Promise<unknown> => {
          calls.push(`${name}.${String(property)}`);
          const call = calls.length;
          if (dieAt?.call === call && dieAt.when === 'before') throw new Crash();
          const result = (await Reflect.apply(method, target, parameters)) as unknown;
          if (dieAt?.call === call && dieAt.when === 'after') throw new Crash();
          return result;
        };
      },
    });
  return { state: watch('state', state), findings: watch('findings', findings), site };
}

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** What the cluster knew before. */
const before = recordsOf(
  [
    auditLine({ at: start, id: id(1), resource: 'configmaps', from: '192.0.1.7' }),
    auditLine({ at: start, id: id(2), resource: 'secrets', from: '192.0.1.7' }),
    auditLine({
      at: start,
      id: id(3),
      verb: 'update',
      resource: 'deployments',
      name: 'web',
      response: { spec: { image: 'a' }, metadata: { name: 'web' } },
    }),
  ],
  'before',
);

/** A payload with a novelty that withholds its lesson, one that teaches, a change, a spray and a pod's address. */
const payload = recordsOf([
  auditLine({ at: start + 2 * day, id: id(10), resource: 'configmaps', from: '192.0.2.7' }),
  auditLine({ at: start + 2 * day + 1, id: id(11), resource: 'secrets', from: '192.0.2.7' }),
  auditLine({
    at: start + 2 * day + 2,
    id: id(12),
    verb: 'update',
    resource: 'deployments',
    name: 'web',
    response: { spec: { image: 'b' }, metadata: { name: 'web' } },
  }),
  ...Array.from({ length: 14 }, (_, n) =>
    auditLine({
      at: start + 2 * day + 3 + n,
      id: id(20 + n),
      verb: 'create',
      resource: 'pods',
      response: { metadata: { uid: `uid-${String(n)}` } },
    }),
  ),
]);

/** The same payload cut in two at another place, and one in which a harmless request wears the id of a hostile one. */
const redeliveries: Record<string, (records: readonly LogRecord[]) => readonly (readonly LogRecord[])[]> = {
  'as it was': (records) => [records],
  'cut in two': (records) => [records.slice(5), records.slice(0, 5)],
  'cut in many, overlapping': (records) => records.map((_, n) => records.slice(Math.max(0, n - 2), n + 1)),
  'with a reused Audit-ID before it': (records) => [
    recordsOf([auditLine({ at: start + 2 * day - minute, id: id(10), resource: 'services' })], 'decoy'),
    records,
  ],
};

async function enrolled(): Promise<World> {
  const world = { state: new MemoryState(), findings: new MemoryFindings() };
  await new Pipeline(lawCatalogue, { ...world, site }).analyse(auditBatch(before));
  return world;
}

function outcome({ state, findings }: World): unknown {
  const alerts = new Map<string, Alert>();
  for (const group of findings.all()) alerts.set(group.fingerprint, fold(alerts.get(group.fingerprint), group, undefined));
  const memory = [...state.dump()].flatMap((entry) => ('merge' in entry ? [[entry.merge.key, meaningOf(entry.merge)]] : []));
  return {
    counts: [...alerts.values()].map(({ id: alert, count, speaker }) => `${speaker.detection} ${alert} ${String(count)}`).sort(),
    memory: memory.map((entry) => JSON.stringify(entry)).sort(),
    cells: cellsIn(state),
    graph: graphFactsIn(state, { account: '', region: '', cluster: '' }),
  };
}

async function undisturbed(): Promise<{ expected: unknown; calls: string[] }> {
  const world = await enrolled();
  const calls: string[] = [];
  await new Pipeline(lawCatalogue, mortal(world, undefined, calls)).analyse(auditBatch(payload));
  return { expected: outcome(world), calls };
}

const { expected, calls: effectsSeen } = await undisturbed();

describe('a crash of analyse-audit', () => {
  test('the payload of this test causes every effect that the function has, and no other', () => {
    expect([...new Set(effectsSeen)].sort()).toEqual([...effects].sort());
    expect((expected as { counts: string[] }).counts.map((line) => line.split(' ')[0])).toEqual([
      'burst',
      'changed',
      'grave-novelty',
      'mild-novelty',
    ]);
  });

  const cases = effectsSeen.flatMap((effect, index) =>
    (['before', 'after'] as const).flatMap((when) =>
      Object.keys(redeliveries).flatMap((how) =>
        (['warm', 'cold'] as const).map((process) => ({ effect, call: index + 1, when, how, process })),
      ),
    ),
  );

  test.each(cases)(
    '$when call $call ($effect), redelivered $how to a $process process, loses and doubles nothing',
    async ({ call, when, how, process }) => {
      const world = await enrolled();
      const calls: string[] = [];
      const dying = new Pipeline(lawCatalogue, mortal(world, { call, when }, calls));
      await expect(dying.analyse(auditBatch(payload))).rejects.toThrow(Crash);
      const survivor = process === 'warm' ? dying : new Pipeline(lawCatalogue, { ...world, site });
      for (const records of redeliveries[how]?.(payload) ?? []) await survivor.analyse(auditBatch(records));
      expect(outcome(world)).toEqual(expected);
    },
  );

  test('a payload redelivered after success changes nothing either', async () => {
    for (const cut of Object.values(redeliveries)) {
      const world = await enrolled();
      await new Pipeline(lawCatalogue, { ...world, site }).analyse(auditBatch(payload));
      for (const records of cut(payload)) await new Pipeline(lawCatalogue, { ...world, site }).analyse(auditBatch(records));
      expect(outcome(world)).toEqual(expected);
    }
  });
});

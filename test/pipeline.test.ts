import { expect, test } from 'vitest';
import { MemoryFindings } from '../shared/adapters/memory-findings.ts';
import { MemoryState } from '../shared/adapters/memory-state.ts';
import { audit } from '../shared/detect/kit.ts';
import { siteOf } from '../shared/model/site.ts';
import type { AuditEvent } from '../shared/model/audit.ts';
import { day } from '../shared/model/time.ts';
import { Pipeline } from '../shared/pipeline.ts';
import { changed, graveNovelty } from './laws/catalogue.ts';
import { auditBatch, auditLine, recordsOf } from './support/records.ts';

const start = Date.UTC(2026, 2, 9, 6);
const site = siteOf();

const faulty = audit.detection({
  id: 'faulty',
  title: 'faulty',
  severity: 'low',
  confidence: 'low',
  attack: [],
  rows: [],
  next: 'Mend it.',
  reads: { verbs: ['*'], resources: ['*'] },
  judge: () => {
    throw new TypeError('a field that nobody expected');
  },
});

function pipelineOf(...detections: readonly (typeof faulty)[]): Pipeline {
  const catalogue = detections.map((detection) => ({ strategy: 'test', detection }));
  return new Pipeline(catalogue, { state: new MemoryState(), findings: new MemoryFindings(), site });
}

const release = (at: number, image: string, id: string): string =>
  auditLine({ at, id, verb: 'update', resource: 'deployments', name: 'web', response: { spec: { image }, metadata: { name: 'web' } } });

test('a detection that fails is a fault, and costs no other detection its word', async () => {
  const { findings, faults } = await pipelineOf(faulty, changed).analyse(
    auditBatch(recordsOf([release(start, 'a', 'one'), release(start + 1, 'b', 'two')])),
  );
  expect(findings.map(({ detection }) => detection)).toEqual(['changed']);
  expect(faults).toEqual([
    { detection: 'faulty', reason: 'TypeError: a field that nobody expected' },
    { detection: 'faulty', reason: 'TypeError: a field that nobody expected' },
  ]);
});

test('a detection that failed is asked again, though all it saw was known', async () => {
  let broken = true;
  const wavering = {
    ...graveNovelty,
    novelty: () => 'always the same',
    judge: (event: AuditEvent) => {
      if (broken) throw new TypeError('broken');
      return { entity: event.actor, summary: 'mended' };
    },
  };
  const pipeline = pipelineOf(wavering);
  const read = (id: string): string => auditLine({ at: start, id, resource: 'configmaps' });
  expect((await pipeline.analyse(auditBatch(recordsOf([read('one')])))).faults).toHaveLength(1);
  broken = false;
  expect((await pipeline.analyse(auditBatch(recordsOf([read('two')])))).findings).toHaveLength(1);
});

test('what is settled as no novelty is settled for the day and for what agrees in it, and for nothing else', async () => {
  const settling = { ...graveNovelty, novelty: (event: AuditEvent) => event.origin.network };
  const pipeline = pipelineOf(settling);
  const read = (at: number, from: string, id: string): string => auditLine({ at, id, from, resource: 'configmaps' });
  const found = async (...lines: string[]): Promise<number> => (await pipeline.analyse(auditBatch(recordsOf(lines)))).findings.length;
  expect(await found(read(start, '192.0.1.7', 'one'))).toBe(0);
  expect(await found(read(start + 2 * day, '192.0.1.7', 'two'))).toBe(0);
  expect(await found(read(start + 2 * day, '192.0.2.7', 'three'))).toBe(1);
  expect(await found(read(start + 2 * day, '192.0.2.7', 'four'))).toBe(1);
  expect(await found(read(start + 40 * day, '192.0.1.7', 'five'))).toBe(1);
});

test('versions of one object in one batch are each compared with the one before', async () => {
  const lines = ['a', 'b', 'b', 'a'].map((image, n) => release(start + n, image, `version ${String(n)}`));
  const { findings } = await pipelineOf(changed).analyse(auditBatch(recordsOf(lines)));
  expect(findings.map(({ summary }) => summary)).toEqual(['a became b', 'b became a']);
});

test('a suspect teaches no habit, and yet what it did to an object is what later changes are compared with', async () => {
  const graveChange = { ...changed, severity: 'high' as const };
  const pipeline = pipelineOf(graveChange, graveNovelty);
  const read = (at: number, from: string, id: string): string => auditLine({ at, id, from, resource: 'configmaps' });
  await pipeline.analyse(auditBatch(recordsOf([release(start, 'a', 'one'), read(start, '192.0.1.7', 'two')])));
  const strange = [release(start + 2 * day, 'b', 'three'), read(start + 2 * day, '192.0.9.7', 'four')];
  expect((await pipeline.analyse(auditBatch(recordsOf(strange)))).findings).toHaveLength(2);
  const again = [release(start + 2 * day + 1, 'b', 'five'), read(start + 2 * day + 1, '192.0.9.7', 'six')];
  expect((await pipeline.analyse(auditBatch(recordsOf(again)))).findings.map(({ detection }) => detection)).toEqual(['grave-novelty']);
});

test('history teaches and does not tell, but for grave signatures, which it lists and does not learn', async () => {
  const pipeline = pipelineOf(graveNovelty);
  const read = (at: number, from: string, id: string): string => auditLine({ at, id, from, resource: 'configmaps' });
  const history = [read(start, '192.0.1.7', 'one'), read(start + 2 * day, '192.0.2.7', 'two')];
  expect((await pipeline.analyse(auditBatch(recordsOf(history)), 'history')).findings).toEqual([]);
  expect((await pipeline.analyse(auditBatch(recordsOf([read(start + 3 * day, '192.0.2.7', 'three')])))).findings).toEqual([]);
});

test('a payload that teaches nothing new makes no request', async () => {
  const calls: string[] = [];
  const state = new MemoryState();
  const watched = new Proxy(state, {
    get: (target, property) => {
      const method = Reflect.get(target, property) as (...parameters: unknown[]) => unknown;
      return (...parameters: unknown[]): unknown => {
        calls.push(String(property));
        return Reflect.apply(method, target, parameters);
      };
    },
  });
  const pipeline = new Pipeline([{ strategy: 'test', detection: graveNovelty }], { state: watched, findings: new MemoryFindings(), site });
  const read = (n: number): string => auditLine({ at: start + n, id: `read ${String(n)}`, resource: 'configmaps' });
  await pipeline.analyse(auditBatch(recordsOf([read(1), read(2)])));
  expect(calls).toEqual(['read', 'merge']);
  calls.length = 0;
  await pipeline.analyse(auditBatch(recordsOf([read(3), read(4)])));
  expect(calls).toEqual([]);
});

import { expect, test } from 'vitest';
import { flowFormat } from '../../shared/contract/logs.ts';
import type { EventDetection } from '../../shared/detect/kit.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { siteOf } from '../../shared/model/site.ts';
import type { Event } from '../../shared/model/event.ts';
import { flowFormatOf } from '../../shared/model/flow-line.ts';
import { AuditReader } from '../../shared/model/audit.ts';
import { readFlow } from '../../shared/model/normalise.ts';
import { benchmarkAudit, benchmarkFlow } from '../simulation/benchmark.ts';
import { recordsOf, scope } from '../support/records.ts';

/** What a detection names as its novelty must hold all that its memory rests on: one event then speaks for another. */

const site = siteOf({ networks: { vpc: ['10.0.0.0/8'] } });
const reader = new AuditReader(site);
const audit = recordsOf(benchmarkAudit(5, 3_000))
  .map((record) => reader.read(record, scope))
  .filter((reading): reading is Event & { source: 'audit' } => 'source' in reading);
const flow = readFlow(recordsOf(benchmarkFlow(5, 3_000)), flowFormatOf(flowFormat), scope, site).traffic.events;

const novel = catalogue.flatMap(({ detection }) =>
  detection.shape === 'detection' && detection.novelty !== undefined ? [detection as unknown as EventDetection<Event>] : [],
);

test('some detections settle', () => {
  expect(novel.map(({ id }) => id)).toContain('identity-from-new-network');
});

test.each(novel)('$id: events that agree in its novelty agree in all its memory', ({ source, when, novelty, memory }) => {
  const remembered = new Map<string, string>();
  const events: readonly Event[] = source === 'audit' ? audit : flow;
  const read = events.filter(when);
  expect(read.length > 0 || source === 'flow').toBe(true);
  for (const event of read) {
    const rests = Object.values(memory).map((spec) =>
      spec.kind === 'seen-set' ? [spec.key(event), spec.member(event)] : 'a snapshot cannot settle',
    );
    const name = novelty?.(event) ?? '';
    expect(rests).not.toContain('a snapshot cannot settle');
    expect(remembered.get(name) ?? JSON.stringify(rests)).toBe(JSON.stringify(rests));
    remembered.set(name, JSON.stringify(rests));
  }
});

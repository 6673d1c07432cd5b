import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditIds, namedRequest, namedRequestAt } from '../../shared/model/audit-ids.ts';
import { AuditEvent, AuditReader } from '../../shared/model/audit.ts';
import { AuditParts } from '../../shared/model/audit-parts.ts';
import { siteOf } from '../../shared/model/site.ts';
import { insideString, plain } from '../../shared/model/writing.ts';
import { benchmarkAudit } from '../simulation/benchmark.ts';
import { recordsOf, scope } from '../support/records.ts';
import { curiousCatalogues } from './curious.ts';
import { compare } from './routine-differential.ts';

/**
 * Lines of a routine are put aside unread. Sound or absent: whatever the lines are, findings and state are those of
 * reading every line.
 */

describe('lines put aside', () => {
  it('change neither findings nor state, on a benchmark and on what mutation makes of it', async () => {
    const { lines, aside, mutants } = await compare({ seed: 1, lines: 3_000, mutants: 6_000 });
    // Both paths must have been taken, or nothing was compared.
    expect(aside).toBeGreaterThan(lines / 5);
    expect(mutants).toBe(6_000);
  });
});

describe('a routine is only what nobody looks into', () => {
  it.each([...curiousCatalogues])('%s', async (_, detections) => {
    const { aside, found } = await compare({ seed: 2, lines: 1_500, mutants: 1_500 }, detections);
    expect(aside).toBeGreaterThan(0);
    expect(found).toBeGreaterThan(0);
  });
});

describe('an Audit-ID', () => {
  const reader = new AuditReader(siteOf());
  const events = recordsOf(benchmarkAudit(3, 500)).map((record) => ({ record, event: reader.read(record, scope) }));

  it('is known by the same hashes whether its line was read or not, plain or escaped', () => {
    const parts = new AuditParts();
    let compared = 0;
    for (const { record, event } of events) {
      if (!(event instanceof AuditEvent)) continue;
      const { auditId, actor, verb, uri } = event;
      for (const [line, writing] of [
        [record.message, plain] as const,
        [JSON.stringify(record.message).slice(1, -1), insideString] as const,
      ]) {
        expect(parts.findHead(line, writing) && parts.findRef(writing) && parts.readStatus(writing) && parts.findEnd(writing)).toBe(true);
        const received = line.slice(parts.receivedStart, parts.receivedEnd);
        const read = namedRequest('c', { auditId, received, verb, uri }, actor.username);
        expect(namedRequestAt('c', parts, actor.username)).toEqual(read);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(800);
  });

  it('belongs to the request that came with it first, as long as it is remembered', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(30), fc.nat(3)), { maxLength: 60 }), (notes) => {
        const ids = new AuditIds();
        const first = new Map<number, number>();
        for (const [id, request] of notes) {
          const named = namedRequest('c', { auditId: `id-${String(id)}`, received: '', verb: 'get', uri: String(request) }, 'u');
          expect(ids.note(named)).toBe((first.get(id) ?? request) === request);
          first.set(id, first.get(id) ?? request);
        }
      }),
    );
  });

  it('is remembered among a hundred thousand others, within a bound', () => {
    const ids = new AuditIds();
    const nameOf = (index: number, uri = '/') => namedRequest('c', { auditId: `id-${String(index)}`, received: '', verb: 'get', uri }, 'u');
    for (let index = 0; index < 100_000; index += 1) ids.note(nameOf(index));
    expect(ids.note(nameOf(99_999, '/other'))).toBe(false);
    expect(ids.note(nameOf(60_000, '/other'))).toBe(false);
    expect(ids.note(nameOf(0, '/other'))).toBe(true);
  });
});

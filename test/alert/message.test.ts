import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertJson } from '../../shared/alert/json.ts';
import { alertMessage } from '../../shared/alert/message.ts';
import { alertOf, findingNamed } from '../support/findings.ts';

describe('a published alert', () => {
  it('holds the contract of the JSON output, the reason and text for e-mail', () => {
    const alert = alertOf(findingNamed('x'));
    const { body, subject, attributes } = alertMessage(alert, 'first seen');
    const message = JSON.parse(body) as Record<string, unknown>;
    expect(message).toMatchObject(JSON.parse(alertJson(alert)) as object);
    expect(message).toMatchObject({ reason: 'first seen', next: 'Ask the owner of the creator.' });
    expect(message['text']).toContainEqual(expect.stringContaining('HIGH  Containers created in a burst'));
    expect(body.split('\n').length).toBeGreaterThan(15);
    expect(subject).toBe('[high] Containers created in a burst in harbour');
    expect(attributes).toEqual({ severity: 'high', cluster: 'harbour', detection: 'container-spraying', tactic: ['execution', 'impact'] });
  });

  it('has attributes even where nothing is known', () => {
    const { attributes } = alertMessage(alertOf(findingNamed('x', { cluster: '', attack: ['T9999'] })), 'first seen');
    expect(attributes).toMatchObject({ cluster: 'unknown', tactic: ['unknown'] });
  });

  it('leaves evidence out first, and says so', () => {
    const evidence = Array.from({ length: 20 }, (_, time) => ({
      time,
      note: `${String(time)} ${'x'.repeat(7_000)}`,
      record: 'r'.repeat(7_000),
    }));
    const message = JSON.parse(alertMessage(alertOf(findingNamed('x', { evidence })), 'first seen').body) as {
      evidence: { note: string }[];
      evidenceOmitted: number;
      text: string[];
    };
    expect(message.evidenceOmitted).toBeGreaterThan(0);
    expect(message.evidence.length + message.evidenceOmitted).toBe(20);
    expect(message.evidence.at(-1)?.note).toMatch(/^19 x{7000}$/);
    expect(message.text.at(-1)).toContain('left out');
  });

  it('is small enough, ASCII and readable whatever it is about', () => {
    const long = fc
      .tuple(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom(1, 10, 300, 3_000))
      .map(([text, times]) => text.repeat(times));
    const change = fc.record({
      title: long,
      summary: long,
      cluster: long,
      entity: fc.record({ kind: fc.constant('pod' as const), id: fc.constant('p'), name: long }),
      evidence: fc.array(fc.record({ time: fc.nat(), record: long, note: long }), { maxLength: 20 }),
      baseline: fc.dictionary(long, fc.oneof(long, fc.integer()), { maxKeys: 5 }),
    });
    fc.assert(
      fc.property(change, (hostile) => {
        const { body, subject, attributes } = alertMessage(alertOf(findingNamed('x', hostile)), 'first seen');
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(250_000);
        expect(body).toMatch(/^[\n -~]*$/);
        expect(() => JSON.parse(body) as unknown).not.toThrow();
        expect(subject).toMatch(/^[ -~]{1,100}$/);
        expect(attributes.cluster).toMatch(/^[ -~]{1,200}$/);
      }),
      { numRuns: 25 },
    );
  });
});

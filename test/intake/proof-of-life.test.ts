import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileReader } from '../../shared/intake/file-lines.ts';
import { decodeSubscription, formatOf } from '../../shared/intake/subscription.ts';
import { controlPlaneFilters } from '../../shared/detect/derive.ts';
import { proofLine, proofTimeIn, quarterOf } from '../../shared/model/proof.ts';
import { hour, minute } from '../../shared/model/time.ts';
import { dataMessage, subscriptionPayload } from '../simulation/cloudwatch.ts';
import { filterOf } from '../support/filter-pattern.ts';
import { credulousPipeline } from '../support/judging.ts';
import { auditLine } from '../support/records.ts';

const group = '/aws/eks/harbour/cluster';
const stream = 'plimsoll-proof-of-life';
const nine = Date.parse('2026-03-02T09:00:00Z');
const intrusion = auditLine({ at: nine, id: 'r1', verb: 'create', resource: 'pods', namespace: 'shop', name: 'miner' });

const batchOf = (lines: readonly string[], { at = nine, received = nine, from = stream, in: where = group } = {}) =>
  decodeSubscription(
    subscriptionPayload(
      where,
      from,
      lines,
      lines.map(() => at),
    ),
    'eu-central-1',
    { '/falco': { cluster: 'harbour', from: 'falco' } },
    received,
  );

describe('the line of a proof of life', () => {
  it('is of a quarter of an hour, and read only as it was written', () => {
    expect(proofLine(nine + 7 * minute)).toBe('{"plimsollProofOfLife":true,"time":"2026-03-02T09:00:00.000Z"}');
    expect(proofTimeIn(proofLine(nine + 7 * minute))).toBe(nine);
  });

  it.each(['derived', 'everything'] as const)('is let through by the main filter, as audit lines are (%s)', (choice) => {
    const [{ pattern }] = controlPlaneFilters(choice);
    expect(filterOf(pattern)(proofLine(nine))).toBe(true);
  });
});

describe('the stream of proofs of life', () => {
  it('brings the time of a proof, and no line', () => {
    expect(batchOf([proofLine(nine)])).toMatchObject({
      scope: { cluster: 'harbour' },
      records: [],
      rejects: [],
      skipped: { 'proof-of-life': 1 },
      proofs: [nine],
    });
  });

  it.each([
    ['an audit event', intrusion],
    ['an audit event with the marker', intrusion.replace('{', '{"plimsollProofOfLife":true,')],
    ['no JSON', 'the disk is full'],
    ['a line of a megabyte and more', 'a'.repeat(1_100_000)],
    ['deep nesting', '['.repeat(100_000)],
    ['a proof with more to say', proofLine(nine).replace('}', ',"x":1}')],
    ['a proof in other words', '{"plimsollProofOfLife":true, "time":"2026-03-02T09:00Z"}'],
    ['a time that no quarter of an hour begins at', proofLine(nine).replace('09:00', '09:01')],
    ['a time that is none', proofLine(nine).replace('2026', '20a6')],
    ['a list for a time', '{"plimsollProofOfLife":true,"time":["2026-03-02T09:00:00.000Z"]}'],
    ['a field of the prototype', '{"__proto__":{"plimsollProofOfLife":true,"time":"2026-03-02T09:00:00.000Z"}}'],
  ])('holds nothing that is judged or told: %s', async (_, line) => {
    const batch = batchOf([line, proofLine(nine), line]);
    expect(batch.proofs).toEqual([nine]);
    const { fates, findings } = await credulousPipeline().analyse(batch);
    expect([findings, fates]).toEqual([[], { judged: 0, repeated: 0, skipped: { 'proof-of-life': 3 }, rejected: {} }]);
  });

  it('proves nothing of long ago or of tomorrow', () => {
    const seen = (time: number, received: number) => batchOf([proofLine(time)], { at: time, received }).proofs;
    expect(seen(nine, nine + 45 * minute)).toEqual([nine]);
    expect(seen(nine, nine + 46 * minute)).toEqual([]);
    expect(seen(nine, nine - 5 * minute)).toEqual([nine]);
    expect(seen(nine, nine - 6 * minute)).toEqual([]);
    expect(seen(nine + 24 * hour, nine)).toEqual([]);
  });

  it('brings few proofs however many lines it has', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: nine - hour, max: nine + hour }), { maxLength: 200 }), (times) => {
        const { proofs = [], skipped } = batchOf(times.map(proofLine));
        expect(proofs.length).toBeLessThanOrEqual(4);
        expect(proofs).toEqual([...new Set(proofs)].filter((time) => quarterOf(time) === time));
        expect(skipped).toEqual({ 'proof-of-life': times.length });
      }),
      { numRuns: 50 },
    );
  });
});

describe('the marker proves nothing', () => {
  it('in a stream of the audit log: the line is read as any other there', async () => {
    const batch = batchOf([proofLine(nine)], { from: 'kube-apiserver-audit-0a1b' });
    expect(batch.proofs).toBeUndefined();
    const { fates } = await credulousPipeline().analyse(batch);
    expect(fates.rejected).toEqual({ 'not-an-audit-event': 1 });
  });

  it('in a stream of nearly the name, or of the name in a group that is no control plane', () => {
    for (const from of [`${stream}-2`, `x${stream}`, stream.toUpperCase()]) {
      const { proofs, rejects } = batchOf([proofLine(nine)], { from });
      expect([proofs, rejects.map(({ reject }) => reject)]).toEqual([undefined, ['foreign-stream']]);
    }
    expect(batchOf([proofLine(nine)], { in: '/somebody/else' })).toMatchObject({ rejects: [{ reject: 'foreign-stream' }] });
    expect(batchOf([proofLine(nine)], { in: '/falco' })).toMatchObject({ log: 'falco', records: [{ message: proofLine(nine) }] });
  });
});

describe('a file with proofs of life in it', () => {
  const format = formatOf('');
  const contentsOf = (reader: FileReader, text: string) => reader.read({ text, position: 1, tooLong: false }).map(({ content }) => content);

  it('has them skipped: as a payload, as an export and as an answer of CloudWatch Logs', () => {
    const payload = new FileReader({ layout: 'lines', wrapping: 'subscription', log: 'audit' }, 'file', format);
    expect(contentsOf(payload, JSON.stringify(dataMessage(group, stream, [proofLine(nine)], [nine])))).toEqual([{ skip: 'proof-of-life' }]);
    const answer = new FileReader({ layout: 'lines', wrapping: 'answer', log: 'audit' }, 'file', format);
    expect(contentsOf(answer, JSON.stringify({ logStreamName: stream, timestamp: nine, message: intrusion, eventId: '1' }))).toEqual([
      { skip: 'proof-of-life' },
    ]);
    const exported = new FileReader({ layout: 'lines', wrapping: 'export', log: 'audit' }, 'file', format);
    expect(contentsOf(exported, `2026-03-02T09:00:00.000Z ${stream} ${proofLine(nine)}`)).toEqual([{ skip: 'proof-of-life' }]);
  });
});

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeSubscription } from '../../shared/intake/subscription.ts';
import type { Batch } from '../../shared/intake/batch.ts';
import type { Fates } from '../../shared/intake/sorting.ts';
import { credulousPipeline } from '../support/judging.ts';
import { auditLine } from '../support/records.ts';

const nine = Date.parse('2026-03-02T09:00:00Z');
const region = 'eu-central-1';

interface Message {
  readonly messageType?: string;
  readonly logGroup?: string;
  readonly logStream?: string;
  readonly lines?: readonly string[];
}

function payload({
  messageType = 'DATA_MESSAGE',
  logGroup = '/aws/eks/harbour/cluster',
  logStream = 'kube-apiserver-audit-0a1b',
  lines = [],
}: Message): string {
  const logEvents = lines.map((message, index) => ({ id: `event-${String(index)}`, timestamp: nine + index, message }));
  return gzipSync(JSON.stringify({ messageType, owner: '111122223333', logGroup, logStream, logEvents })).toString('base64');
}

const line = (name: string, id = name, request?: unknown): string =>
  auditLine({ at: nine, id, verb: 'create', resource: 'pods', namespace: 'shop', name, ...(request === undefined ? {} : { request }) });

const before = line('before');
const after = line('after');
const nested = (levels: number): string =>
  line('deep').replace(
    '"requestReceivedTimestamp"',
    `"requestObject":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)},"requestReceivedTimestamp"`,
  );

/** Between two ordinary lines: what becomes of the batch of three, and which requests reach a judge. */
const lines: readonly { what: string; line: string; fate: Partial<Fates>; judged: readonly string[] }[] = [
  { what: 'a line that is no JSON', line: 'the disk is full', fate: { rejected: { 'bad-json': 1 } }, judged: [] },
  { what: 'truncated JSON', line: line('cut').slice(0, 300), fate: { rejected: { 'bad-json': 1 } }, judged: [] },
  {
    what: 'a line cut by CloudWatch, which keeps its head',
    line: `${line('mark').slice(0, 900)}[Truncated...]`,
    fate: {},
    judged: ['mark'],
  },
  { what: 'a line cut before it says anything', line: '{"kind":"Event"[Truncated...]', fate: { rejected: { 'bad-json': 1 } }, judged: [] },
  { what: 'JSON of another kind', line: '{"kind":"Pod"}', fate: { rejected: { 'not-an-audit-event': 1 } }, judged: [] },
  { what: 'a list', line: '[1,2]', fate: { rejected: { 'bad-json': 1 } }, judged: [] },
  {
    what: 'a line of more than a megabyte',
    line: line('long', 'long', { note: 'a'.repeat(1_100_000) }),
    fate: { rejected: { 'line-too-long': 1 } },
    judged: [],
  },
  { what: 'a line of just under a megabyte', line: line('large', 'large', { note: 'a'.repeat(1_000_000) }), fate: {}, judged: ['large'] },
  { what: 'nesting a hundred thousand levels deep', line: nested(100_000), fate: { rejected: { 'nested-too-deep': 1 } }, judged: [] },
  { what: 'brackets that are never closed', line: '['.repeat(100_000), fate: { rejected: { 'nested-too-deep': 1 } }, judged: [] },
  { what: 'nesting of a hundred levels, as some definitions have', line: nested(100), fate: {}, judged: ['deep'] },
  {
    what: 'keys that reach for the prototype',
    line: line('proto').replace('"kind"', '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"kind"'),
    fate: {},
    judged: ['proto'],
  },
  { what: 'bytes that are no UTF-8', line: line('odd-\ufffd'), fate: {}, judged: ['odd-\ufffd'] },
  { what: 'an Audit-ID that another request had', line: line('reuse', 'before'), fate: {}, judged: ['reuse'] },
  { what: 'the same request once more', line: before, fate: { repeated: 1 }, judged: [] },
  {
    what: 'the first stage of a request',
    line: line('early').replace('ResponseComplete', 'RequestReceived'),
    fate: { skipped: { 'request-received': 1 } },
    judged: [],
  },
];

/** Whole payloads: what each comes to. */
const payloads: readonly { what: string; data: string; fate: Partial<Fates>; judged: readonly string[] }[] = [
  { what: 'no base64', data: 'not base64!', fate: { rejected: { 'bad-base64': 1 } }, judged: [] },
  { what: 'an empty text', data: '', fate: { rejected: { 'bad-base64': 1 } }, judged: [] },
  { what: 'no gzip', data: Buffer.from('no gzip').toString('base64'), fate: { rejected: { 'bad-gzip': 1 } }, judged: [] },
  {
    what: 'truncated gzip',
    data: Buffer.from(payload({ lines: [before] }), 'base64')
      .subarray(0, 200)
      .toString('base64'),
    fate: { rejected: { 'bad-gzip': 1 } },
    judged: [],
  },
  {
    what: 'a gzip bomb',
    data: gzipSync(Buffer.alloc(80 * 1024 * 1024)).toString('base64'),
    fate: { rejected: { 'inflates-too-large': 1 } },
    judged: [],
  },
  {
    what: 'JSON that is no message',
    data: gzipSync('{"hello":1}').toString('base64'),
    fate: { rejected: { 'bad-envelope': 1 } },
    judged: [],
  },
  {
    what: 'a message cut short',
    data: gzipSync('{"messageType":"DATA_MES').toString('base64'),
    fate: { rejected: { 'bad-envelope': 1 } },
    judged: [],
  },
  { what: 'CONTROL_MESSAGE', data: payload({ messageType: 'CONTROL_MESSAGE' }), fate: { skipped: { 'control-message': 1 } }, judged: [] },
  { what: 'an empty batch', data: payload({}), fate: {}, judged: [] },
  {
    what: 'a foreign stream',
    data: payload({ logStream: 'team-debug', lines: [before, after] }),
    fate: { rejected: { 'foreign-stream': 2 } },
    judged: [],
  },
  {
    what: 'a foreign group',
    data: payload({ logGroup: 'constructor', lines: [before] }),
    fate: { rejected: { 'foreign-stream': 1 } },
    judged: [],
  },
  {
    what: 'another control-plane log',
    data: payload({ logStream: 'kube-scheduler-0a1b', lines: ['I0302 …'] }),
    fate: { skipped: { 'other-log-type': 1 } },
    judged: [],
  },
  {
    what: 'the authenticator’s log, with lines that tell of no access and one that is broken',
    data: payload({
      logStream: 'authenticator-0a1b',
      lines: ['I0302 …', 'time="2026-03-02T09:00:00Z" level=info msg="STS response"', 'time="2026-03-02T09:00:00Z" level=warning msg="acc'],
    }),
    fate: { skipped: { 'other-event': 2 }, rejected: { 'bad-logfmt': 1 } },
    judged: [],
  },
];

async function fateOf(batch: Batch): Promise<{ fates: Fates; judged: string[] }> {
  const { fates, findings } = await credulousPipeline().analyse(batch);
  return { fates, judged: findings.map(({ summary }) => summary) };
}

const nothing: Fates = { judged: 0, repeated: 0, skipped: {}, rejected: {} };

function total({ judged, repeated, skipped, rejected }: Fates): number {
  return [judged, repeated, ...Object.values(skipped), ...Object.values(rejected)].reduce((sum, count) => sum + count, 0);
}

describe('hostile lines: each gets its exact reason, and its neighbours are analysed', () => {
  it.each(lines)('$what', async ({ line: hostile, fate, judged }) => {
    const { fates, judged: names } = await fateOf(decodeSubscription(payload({ lines: [before, hostile, after] }), region, {}));
    expect(fates).toEqual({ ...nothing, judged: 2 + judged.length, ...fate });
    expect(names).toEqual(['before', ...judged, 'after']);
    expect(total(fates)).toBe(3);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('hostile payloads: each gets its exact reason', () => {
  it.each(payloads)('$what', async ({ data, fate, judged }) => {
    const batch = decodeSubscription(data, region, {});
    const { fates, judged: names } = await fateOf(batch);
    expect(fates).toEqual({ ...nothing, ...fate });
    expect(names).toEqual(judged);
    expect(total(fates)).toBe(
      batch.records.length + batch.rejects.length + Object.values(batch.skipped).reduce((sum, count) => sum + count, 0),
    );
  });
});

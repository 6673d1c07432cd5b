import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentItem } from '../../shared/adapters/dynamodb-item.ts';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { flowFormat } from '../../shared/contract/logs.ts';
import { decodeSubscription } from '../../shared/intake/subscription.ts';
import { defaultFlowFormat, flowFormatOf } from '../../shared/model/flow-line.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { decodeShare, encodeShare } from '../../shared/state/ledger-codec.ts';
import { sumHour } from '../../shared/state/ledger-hour.ts';
import { bytesOf, type Pair, pairKey } from '../../shared/state/ledger-pair.ts';
import { hoursBefore } from '../../shared/state/ledger-summary.ts';
import type { StateDocument } from '../../shared/state/store.ts';
import { scope } from '../support/records.ts';
import { benchmarkFlowPayloads } from '../simulation/benchmark.ts';

/** What payloads write into the volume ledger, and what an hour of them sums up to. */

const start = Date.UTC(2026, 2, 10, 2);
const site = siteOf({ networks: { vpc: ['10.0.0.0/8', 'fd00::/8'] } });

class Written extends MemoryState {
  readonly documents_: StateDocument[] = [];

  override put(documents: readonly StateDocument[]): Promise<void> {
    this.documents_.push(...documents.filter(({ partition }) => partition.startsWith('ledger\t')));
    return super.put(documents);
  }
}

/** A line of the default format. */
function line(from: string, to: string, ports: readonly [number, number], bytes: number, { minute = 0, action = 'ACCEPT' } = {}): string {
  const time = String(start / 1000 + 60 * minute);
  return `2 111122223333 eni-0a ${from} ${to} ${ports.join(' ')} 6 3 ${String(bytes)} ${time} ${time} ${action} OK`;
}

async function documentsOf(...payloads: readonly (readonly string[])[]): Promise<readonly StateDocument[]> {
  const state = new Written();
  const pipeline = new Pipeline([], { state, findings: new MemoryFindings(), site });
  for (const lines of payloads) {
    const records = lines.map((message, at) => ({ id: String(at), message }));
    await pipeline.analyse({
      log: 'flow',
      format: flowFormatOf(defaultFlowFormat),
      scope,
      place: 'flow',
      records,
      rejects: [],
      skipped: {},
    });
  }
  return state.list(state.documents_[0]?.partition ?? '');
}

async function hourOf(...payloads: readonly (readonly string[])[]): Promise<ReturnType<typeof sumHour>> {
  return sumHour(await documentsOf(...payloads), scope.cluster);
}

const sums = (pairs: readonly Pair[]): string[] =>
  pairs
    .map(
      (pair) => `${pairKey(pair)} ${[bytesOf(pair), pair.back, pair.attempts, pair.rejected, [...pair.minutes.keys()].join()].join(' ')}`,
    )
    .sort();

describe('a pair', () => {
  const call = line('10.0.0.5', '203.0.113.9', [40_000, 443], 600);
  const answer = line('203.0.113.9', '10.0.0.5', [443, 40_000], 9_000);

  test('knows what came back, whatever payload it came in and in whatever order', async () => {
    const together = sums((await hourOf([call, answer])).pairs);
    expect(together).toEqual(['address 10.0.0.5\tnetwork 203.0.113.0/24\t6/443 600 9000 1 0 0']);
    expect(sums((await hourOf([call], [answer])).pairs)).toEqual(together);
    expect(sums((await hourOf([answer], [call])).pairs)).toEqual(together);
  });

  test('knows what came back in a minute whose call another payload holds', async () => {
    const later = line('203.0.113.9', '10.0.0.5', [443, 40_000], 5_000, { minute: 3 });
    expect((await hourOf([call, answer], [later])).pairs[0]?.back).toBe(14_000);
  });

  test('is made by no answer alone', async () => {
    expect((await hourOf([answer])).pairs).toEqual([]);
  });

  test('is the same over IPv6', async () => {
    const six = [line('fd00::5', '2001:db8:66::9', [40_000, 443], 600), line('2001:db8:66::9', 'fd00::5', [443, 40_000], 9_000)];
    expect(sums((await hourOf(six)).pairs)).toEqual(['address fd00::5\tnetwork 2001:db8:66::/48\t6/443 600 9000 1 0 0']);
  });

  test('tells services apart, and what was refused from what was let through', async () => {
    const { pairs } = await hourOf([
      call,
      line('10.0.0.5', '203.0.113.9', [40_000, 22], 60, { action: 'REJECT' }),
      line('10.0.0.5', '10.0.0.9', [40_000, 5432], 500, { minute: 7 }),
    ]);
    expect(sums(pairs)).toEqual([
      'address 10.0.0.5\taddress 10.0.0.9\t6/5432 500 0 1 0 7',
      'address 10.0.0.5\tnetwork 203.0.113.0/24\t6/22 0 0 0 1 ',
      'address 10.0.0.5\tnetwork 203.0.113.0/24\t6/443 600 0 1 0 0',
    ]);
  });

  test('counts nothing that a client outside began', async () => {
    expect((await hourOf([line('203.0.113.9', '10.0.0.5', [40_000, 443], 600)])).pairs).toEqual([]);
  });
});

test('a payload that is delivered again writes the document it wrote before', async () => {
  const payload = [line('10.0.0.5', '203.0.113.9', [40_000, 443], 600), line('203.0.113.9', '10.0.0.5', [443, 40_000], 900)];
  expect(await documentsOf(payload, payload)).toEqual(await documentsOf(payload));
  expect(await documentsOf(payload, [...payload, line('10.0.0.6', '203.0.113.9', [40_000, 443], 1)])).toHaveLength(2);
});

test('gaps are kept by interface and minute; an idle interface is none', async () => {
  const at = (minute: number): string => String(start / 1000 + 60 * minute);
  const gap = (minute: number, status: string): string => `2 111122223333 eni-0b - - - - - - - ${at(minute)} ${at(minute)} - ${status}`;
  const { telemetry } = await hourOf([gap(4, 'SKIPDATA'), gap(5, 'SKIPDATA'), gap(6, 'NODATA')], [gap(5, 'SKIPDATA')]);
  expect(telemetry).toEqual({ logged: 0, quiet: 1, skipped: new Map([['eni-0b', new Set([4, 5])]]) });
});

test('a scan of every port is bounded, and loses no byte', async () => {
  const scan = Array.from({ length: 5_000 }, (_, at) => line('10.0.0.5', '10.0.0.9', [40_000, at + 1], 40));
  const [document, ...more] = await documentsOf([line('10.0.0.5', '203.0.113.9', [40_001, 443], 9), ...scan]);
  expect(more).toEqual([]);
  expect(document?.document.length).toBeLessThan(16_000);
  const { pairs } = sumHour(document === undefined ? [] : [document], scope.cluster);
  expect(pairs.length).toBeLessThanOrEqual(401);
  expect(pairs.reduce((sum, pair) => sum + bytesOf(pair), 0)).toBe(200_009);
  expect(pairs.map(({ to }) => to.name)).toContain('203.0.113.0/24');
});

/** Bytes of an item as DynamoDB counts them: names and values. */
function sizeOf(document: StateDocument): number {
  return Object.entries(documentItem(document)).reduce(
    (sum, [name, { S = '', N = '', B }]) => sum + name.length + Buffer.byteLength(S) + N.length + (B?.length ?? 0),
    0,
  );
}

test('what a payload of a hundred lines of the pinned mix writes is one write unit', async () => {
  const state = new Written();
  const pipeline = new Pipeline([], { state, findings: new MemoryFindings(), site });
  const enrolled = { '/vpc/quay/flow': { cluster: 'quay', format: flowFormat } };
  for (const data of benchmarkFlowPayloads(20260310, 4_000, 100))
    await pipeline.analyse(decodeSubscription(data, 'eu-central-1', enrolled));
  const sizes = state.documents_.map(sizeOf);
  expect(sizes.length).toBeGreaterThan(30);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1_024);
});

describe('a document', () => {
  const name = fc
    .oneof(fc.constantFrom('shop/deployment/api', '10.0.0.5', '198.51.100.0/24', 'fd00::5', ''), fc.string({ unit: 'binary' }))
    .map((text) => text.toWellFormed());
  const amount = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const entity = fc.tuple(fc.constantFrom('workload' as const, 'node' as const, 'address' as const), name, name, fc.boolean());
  const pair = fc
    .record({
      entity,
      to: fc.record({ kind: fc.constantFrom('workload' as const, 'network' as const, 'address' as const), name, reach: name }),
      service: fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 32_768 })),
      counts: fc.tuple(amount, amount, amount),
      minutes: fc.dictionary(fc.integer({ min: 0, max: 59 }).map(String), fc.record({ bytes: amount, packets: amount })),
    })
    .map(({ entity: [kind, id, own, same], to, service: [protocol, port], counts: [attempts, rejected, back], minutes }): Pair => ({
      from: { kind, id: same ? `harbour/${own}` : id, name: own },
      to,
      protocol,
      port,
      attempts,
      rejected,
      back,
      minutes: new Map(Object.entries(minutes).map(([at, sum]) => [Number(at), sum])),
      pods: new Map(),
    }));
  const shown = ({ from, to, minutes, ...rest }: Pair): unknown => ({
    ...rest,
    pods: 0,
    from: { ...from },
    to: { ...to },
    minutes: [...minutes].map(([at, { bytes, packets }]) => [at, bytes, packets]).sort(([one = 0], [other = 0]) => one - other),
  });

  test('holds what was written into it', () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 20 }), (pairs) => {
        const telemetry = { logged: 7, quiet: 3, skipped: new Map([['eni-0a', new Set([1, 59])]]) };
        const written = pairs.map((one) => ({
          ...one,
          minutes: [...one.minutes].flatMap(([at, { bytes, packets }]) => [at, bytes, packets]),
        }));
        const read = decodeShare(encodeShare({ pairs: written, telemetry }, 'harbour'), 'harbour');
        expect(read.pairs.map(shown)).toEqual(pairs.map(shown));
        expect(read.telemetry).toEqual(telemetry);
      }),
    );
  });

  test('that somebody else wrote is read as far as it makes sense', () => {
    const document = (text: string): StateDocument => ({ partition: 'p', sort: String(start), document: text, expires: 0 });
    const good = encodeShare({ pairs: [], telemetry: { logged: 1, quiet: 0, skipped: new Map() } }, 'harbour');
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.tuple(fc.json(), fc.json(), fc.json(), fc.json()).map((parts) => `[${parts.join(',')}]`),
      fc.nat(good.length).map((length) => good.slice(0, length)),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        sumHour([document(text), document(good)], 'harbour');
        hoursBefore([document(text)], scope, start + 1);
      }),
    );
  });
});

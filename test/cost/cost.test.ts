import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { dollars } from '../../shared/knowledge/prices.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { Meter, strong } from '../bench/meter.ts';
import { auditBatch, recordsOf } from '../support/records.ts';
import { samplesRoot } from '../support/samples.ts';
import { Deployment, noUsage, type Usage } from './measure.ts';
import { MeteredFindings } from './metered-findings.ts';
import { MeteredState } from './metered-state.ts';
import { bar, billed, billedSeconds, costsOf, mostDollars, mostRequests, requestsPerTenThousand, sumOf } from './model.ts';
import { pageOf } from './page.ts';
import { bothDeliveries, deliveries, streamsOf } from './payloads.ts';
import { RoundTrips } from './round-trips.ts';

/** `npm run cost` prints the same for whole days of the pinned mix. */

const all = (): boolean => true;
const streams = streamsOf(20260310, 3_000);

describe('a bill', () => {
  it('has one request for a hundred keys, and rounds every item up', () => {
    const meter = new Meter();
    meter.readEach(
      Array.from({ length: 101 }, (_, at) => ({ kind: 'pod', bytes: at === 0 ? 4_097 : 0 })),
      strong,
    );
    expect(meter.bill.reads).toBeCloseTo(2);
    expect(meter.bill.readUnits).toBe(102);
    meter.write('pod', 1_025);
    meter.writeBatch(Array.from({ length: 26 }, () => ({ kind: 'ledger', bytes: 10 })));
    expect(meter.bill).toMatchObject({ writes: 3, writeUnits: 28 });
    expect(meter.kinds.get('ledger')).toMatchObject({ writeUnits: 26 });
  });

  it('counts an item by what it has become, and a refused write as another', async () => {
    const meter = new Meter();
    const state = new MeteredState(new MemoryState(), meter, new RoundTrips());
    const merge = (member: string) => ({ key: 'pod:x', sets: { a: [member] }, expires: 1, cap: 1 });
    await state.merge([merge('x'.repeat(2_000))]);
    expect(meter.bill).toMatchObject({ writes: 1, writeUnits: 2 });
    await state.merge([merge('y')]);
    expect(meter.bill).toMatchObject({ writes: 3, writeUnits: 6 });
  });
});

describe('the model', () => {
  const usage = (): Usage => ({ ...noUsage(), events: 1_000, payloads: 2, seconds: 0.5, trips: 4, bytes: 2_000 });

  it('scales to a million events', () => {
    const costs = new Map(costsOf(usage()).map((cost) => [cost.what, cost.dollars]));
    expect(costs.get('Lambda, requests')).toBeCloseTo(2_000 * dollars.lambdaRequest);
    expect(costs.get('DynamoDB, state')).toBe(0);
    const state = new Meter();
    state.write('pod', 1);
    expect(billed(state.bill)).toBe(dollars.dynamoWriteUnit);
    expect(requestsPerTenThousand({ ...usage(), state })).toBe(10);
    expect(sumOf(costsOf({ ...usage(), state })) - sumOf(costsOf(usage()))).toBeGreaterThan(1_000 * dollars.dynamoWriteUnit);
  });

  it('bills waiting, and the share of a processor that the memory buys', () => {
    expect(billedSeconds({ ...usage(), trips: 0 })).toBeCloseTo((0.5 * 1_769) / 1_024);
    expect(billedSeconds(usage())).toBeGreaterThan(billedSeconds({ ...usage(), trips: 0 }));
  });

  it('says which bars are met', () => {
    expect(bar('x', 1, 1, String)).toContain('met');
    expect(bar('x', 2, 1, String)).toContain('MISSED');
    const page = pageOf({ name: 'case', perPayload: 500, judged: true }, usage());
    expect(page).toMatch(new RegExp(`bar \\$${mostDollars.toFixed(4)}: `));
    expect(page).toMatch(new RegExp(`requests for 10,000 events: 0 \\(bar ${String(mostRequests)}: met`));
    expect(pageOf({ name: 'case', perPayload: 500, judged: false }, usage())).not.toContain('bar');
  });
});

describe('the pinned mix', () => {
  it('is cut into deliveries without a loss, and a line that does not pass is not delivered', () => {
    const whole = [...deliveries(streams, 50, all)];
    expect(whole.reduce((sum, { events }) => sum + events, 0)).toBe(3_000);
    const none = [...deliveries(streams, 50, () => false)];
    expect(none.map(({ data }) => data)).toEqual(none.map(() => undefined));
    expect(none.map(({ bytes }) => bytes)).toEqual(whole.map(({ bytes }) => bytes));
  });

  it('costs nothing at the tables where a payload teaches nothing and touches no window', async () => {
    const routine = (line: string): boolean => /"verb":"(?:get|list|watch)"/.test(line) && line.includes('"username":"system:node:');
    const again = (message: string): string => message.replace(/"auditID":"./, '"auditID":"z');
    const nodes = streams.map((stream) => ({ ...stream, logEvents: stream.logEvents.filter(({ message }) => routine(message)) }));
    const later = nodes.map((stream) => ({
      ...stream,
      logEvents: stream.logEvents.map((event) => ({ ...event, message: again(event.message) })),
    }));
    const deployment = new Deployment();
    await deployment.replay(deliveries(nodes, 50, all));
    const usage = await deployment.replay(deliveries(later, 50, all));
    expect(usage.events).toBeGreaterThan(100);
    expect([...usage.state.kinds.keys()]).toEqual([]);
    expect(usage.trips).toBe(0);
  });
});

describe('both logs of one cluster', () => {
  it('come in the order of time, and the audit log names the senders of the flow logs', async () => {
    const both = bothDeliveries(20260310, 1, 100);
    expect(both.map(({ comes }) => comes)).toEqual(both.map(({ comes }) => comes).toSorted((one, other) => one - other));
    const audit = new Deployment();
    const flow = new Deployment(audit);
    const usage = noUsage();
    for (const delivery of both) await (delivery.log === 'audit' ? audit.replay([delivery]) : flow.replay([delivery], usage));
    expect(usage.payloads).toBeGreaterThan(300);
    // The load balancer's address is no pod's.
    expect(usage.state.kinds.get('seen:strangers-among-pods')?.writes).toBe(1);
  });
});

describe('round trips', () => {
  it('that are under way at once are one', async () => {
    const trips = new RoundTrips();
    await Promise.all([trips.take(1), trips.take(2)]);
    expect(trips.passed).toBe(2);
    await trips.take(1);
    expect(trips.passed).toBe(3);
  });

  it('before a finding is stored are at most two, for every sample that fires on the audit log', async () => {
    const before = new Map<string, number>();
    for (const path of globSync(join(samplesRoot, '*/*/fires/*.ndjson'))) {
      if (path.endsWith('.history.ndjson')) continue;
      const lines = readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .filter((line) => line.includes('"audit.k8s.io/v1"'));
      if (lines.length === 0) continue;
      const trips = new RoundTrips();
      const recorded = new MemoryFindings();
      const findings = new MeteredFindings(recorded, new Meter(), {
        passed: 0,
        take: () => {
          before.set(path, Math.max(before.get(path) ?? 0, trips.passed));
          return Promise.resolve();
        },
      } as unknown as RoundTrips);
      const state = new MeteredState(new MemoryState(), new Meter(), trips);
      await new Pipeline(catalogue, { state, findings, site: siteOf() }).analyse(auditBatch(recordsOf(lines)));
    }
    expect(before.size).toBeGreaterThan(100);
    expect([...before].filter(([, trips]) => trips > 2)).toEqual([]);
  });
});

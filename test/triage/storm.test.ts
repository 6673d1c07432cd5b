import type { DynamoDBRecord } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithDynamoDb, LocalDynamoDb } from '../support/dynamodb.ts';
import { TableStream } from '../support/stream.ts';
import { anonymousLists, pass, shells, type Storm, StormRun } from './storm.ts';

/** A storm must wake people soon, seldom and with the right number, and cost little. `npm run storm` prints what it comes to. */

const storm: Storm = { name: 'storm', payloads: 500, perPayload: 100, identities: 1, deed: anonymousLists };

describe('a storm of 50,000 findings in 500 payloads', () => {
  it('is told after three round trips, twice, counted exactly, and costs a write for each payload twice', async () => {
    const run = await pass(storm, 1);
    const { alerts, messages, recorded, writes, tripsToFirst, largestItem } = await run.outcome();
    expect(tripsToFirst).toBeLessThanOrEqual(3);
    expect(messages.map(({ reason }) => reason)).toEqual(['first seen', 'seen 1000 times']);
    expect(writes.findings + writes.triage + writes.analysis).toBeLessThanOrEqual(1_200);
    expect(recorded).toBe(50_000);
    expect(alerts.map(({ count }) => count)).toEqual([50_000]);
    expect(largestItem).toBeLessThan(380_000);

    await run.redeliver();
    const after = await run.outcome();
    expect(after.alerts.map(({ count }) => count)).toEqual([50_000]);
  });

  it('is told under the same number where its orders come again, and is not counted again where payloads do', async () => {
    const small = { ...storm, payloads: 40 };
    const run = await pass(small, 1);
    await run.redeliver();
    for (const payload of [...run.payloads(small)].toReversed()) await new StormRun(run.memory).analyse(payload);
    await run.follow();
    const { alerts, messages } = await run.outcome();
    expect(alerts.map(({ count }) => count)).toEqual([4_000]);
    expect(new Set(messages.map(({ id, number }) => `${id} ${String(number)}`)).size).toBe(2);
    // The first of a batch is told without asking; of all others it is asked whether they were.
    expect(messages.length).toBeLessThanOrEqual(2 + 1);
  });

  it('that withholds what it would teach and is a step of sequences asks for hardly more', async () => {
    const run = await pass({ ...storm, payloads: 100, deed: shells }, 1);
    const { alerts, messages, recorded, writes, tripsToFirst } = await run.outcome();
    const [shell] = alerts.filter(({ speaker }) => speaker.detection === 'exec-opens-shell');
    expect([recorded, shell?.count]).toEqual([10_000, 10_000]);
    expect(messages.filter(({ id }) => id === shell?.id)).toHaveLength(2);
    expect(messages.length).toBeLessThanOrEqual(5);
    expect(writes.findings + writes.triage + writes.analysis).toBeLessThanOrEqual(240);
    // A process that knows nothing asks, in two steps, what the caller is used to.
    expect(tripsToFirst).toBeLessThanOrEqual(5);
  });

  it('of twenty identities is told of each, and counted for each', async () => {
    const run = await pass({ ...storm, payloads: 200, identities: 20, deed: shells }, 1);
    const { alerts, messages, recorded } = await run.outcome();
    const each = alerts.filter(({ speaker }) => speaker.detection === 'exec-opens-shell');
    expect(recorded).toBe(20_000);
    expect(each.map(({ count }) => count)).toEqual(Array.from({ length: 20 }, () => 1_000));
    for (const { id } of each) expect(messages.filter((message) => message.id === id)).toHaveLength(2);
  });
});

describeWithDynamoDb('a storm on the DynamoDB-compatible server', () => {
  let local: LocalDynamoDb;

  beforeAll(async () => {
    local = await LocalDynamoDb.start();
    await local.createTable('findings', { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } });
  });
  afterAll(() => {
    local.stop();
  });

  it('is counted exactly, also when all of it comes again', async () => {
    const stream = new TableStream(local, 'findings');
    const changes = async () => (await stream.changes()).filter(({ dynamodb }) => dynamodb?.NewImage?.['pk']?.S !== 'mark');
    const run = new StormRun({ client: () => local.client, changes: async () => (await changes()) as unknown as DynamoDBRecord[] });
    await pass({ ...storm, payloads: 30 }, 3, run);
    await run.redeliver();
    const { alerts, messages } = await run.outcome();
    expect(alerts.map(({ count }) => count)).toEqual([3_000]);
    expect(new Set(messages.map(({ number }) => number))).toEqual(new Set([1, 2]));
  });
});

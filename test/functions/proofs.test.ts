import type { DynamoDBRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DynamoDbAlerts } from '../../shared/adapters/dynamodb-alerts.ts';
import { DynamoDbProofs } from '../../shared/adapters/dynamodb-proofs.ts';
import { MemorySettings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { type Proof, proofLine, quarterOf } from '../../shared/model/proof.ts';
import { hour, minute } from '../../shared/model/time.ts';
import type { Alert } from '../../shared/triage/alert.ts';
import { subscriptionPayload } from '../simulation/cloudwatch.ts';
import { findingNamed, groupOf } from '../support/findings.ts';
import { MemoryTable } from '../support/memory-dynamodb.ts';

const now = Date.parse('2026-03-02T09:07:00Z');
const world: { current?: Deployment } = {};
const counted: Proof[] = [];

/** A deployment of the three functions on one table. */
class Deployment {
  readonly table = new MemoryTable(() => Promise.resolve(0));
  readonly alerts = new DynamoDbAlerts(this.table.client(), 'findings');
  readonly proofs = new DynamoDbProofs(this.table.client(), 'findings');
  readonly state = new MemoryState();
  readonly told: Alert[] = [];
  readonly proven: Proof[] = [];
  topicIsAway = false;
  readonly teller = {
    tell: (alert: Alert) => Promise.resolve(void this.told.push(alert)),
    tellProof: (proof: Proof) => (this.topicIsAway ? Promise.reject(new Error('away')) : Promise.resolve(void this.proven.push(proof))),
  };
}
const here = (): Deployment => {
  if (world.current === undefined) throw new Error('nothing is deployed');
  return world.current;
};

vi.mock('../../functions/wiring.ts', async (original) => ({
  ...(await original()),
  alerts: () => here().alerts,
  blindSpots: () => ({ mark: (alert: Alert) => Promise.resolve(alert) }),
  proofs: () => here().proofs,
  teller: () => here().teller,
  triagePorts: () => ({ alerts: here().alerts, settings: new MemorySettings(), state: here().state }),
}));
vi.mock('../../functions/judging.ts', () => ({
  pipeline: () => Promise.resolve({ analyse: () => Promise.resolve({ fates: {}, rejects: [], findings: [], faults: [] }) }),
}));
vi.mock('../../functions/telemetry.ts', async (original) => ({
  ...(await original()),
  countReport: () => undefined,
  countProof: (proof: Proof) => counted.push(proof),
}));
vi.stubEnv('AWS_REGION', 'eu-central-1');

const { handler: analyse } = await import('../../functions/analyse-audit.ts');
const { handler: triage } = await import('../../functions/triage.ts');
const { handler: notify } = await import('../../functions/notify.ts');
const { logger } = await import('../../functions/telemetry.ts');
logger.setLogLevel('SILENT');

const invoke = (handler: unknown, event: unknown): Promise<unknown> =>
  (handler as (event: unknown, context: unknown) => Promise<unknown>)(event, { functionName: 'test' });
const comes = (time: number) =>
  invoke(analyse, {
    awslogs: { data: subscriptionPayload('/aws/eks/harbour/cluster', 'plimsoll-proof-of-life', [proofLine(time)], [time]) },
  });
const alertRecord = (number: string): DynamoDBRecord => ({
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber: number,
    NewImage: { kind: { S: 'finding' }, document: { S: JSON.stringify(groupOf(findingNamed(number))) } },
  },
});

beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['Date'] });
  world.current = new Deployment();
  counted.length = 0;
});

describe('a proof of life', () => {
  it('goes the way of a finding and of an alert, and comes out as a message and a count, for its cluster', async () => {
    const { table } = here();
    await comes(now);
    const [recorded, ...others] = await table.changes();
    expect(others).toEqual([]);
    expect(await invoke(triage, { Records: [recorded] })).toEqual({ batchItemFailures: [] });
    const [ordered, ...more] = await table.changes();
    expect(more).toEqual([]);
    expect(await invoke(notify, { Records: [ordered] })).toEqual({ batchItemFailures: [] });
    const proof = { cluster: 'harbour', time: quarterOf(now) };
    expect([here().proven, counted, await table.changes()]).toEqual([[proof], [proof], []]);
  });

  it('is no alert: none is told, none is kept, and nothing is learnt', async () => {
    const { table, state, told } = here();
    const learnt = vi.spyOn(state, 'merge');
    await comes(now);
    const recorded = await table.changes();
    await invoke(triage, { Records: recorded });
    const ordered = await table.changes();
    await invoke(notify, { Records: ordered });
    expect(told).toEqual([]);
    expect([...recorded, ...ordered].map(({ dynamodb }) => dynamodb?.NewImage?.['pk']?.S)).toEqual(['proof#harbour', 'proof#harbour']);
    expect(learnt).not.toHaveBeenCalled();
  });

  it('is gone from the table in a day or two', async () => {
    await comes(now);
    const [recorded] = await here().table.changes();
    const expires = Number(recorded?.dynamodb?.NewImage?.['expires']?.N) * 1_000;
    expect(expires - now).toBeGreaterThan(0);
    expect(expires - now).toBeLessThanOrEqual(48 * hour);
  });

  it('that comes again is no news', async () => {
    await comes(now);
    await comes(now + minute);
    const records = await here().table.changes();
    expect(records).toHaveLength(1);
    await invoke(triage, { Records: [...records, ...records] });
    expect(await here().table.changes()).toHaveLength(1);
  });

  it('that is late on its way is not counted', async () => {
    await comes(now);
    await invoke(triage, { Records: await here().table.changes() });
    const ordered = await here().table.changes();
    vi.setSystemTime(now + 46 * minute);
    await invoke(notify, { Records: ordered });
    expect([here().proven, counted]).toEqual([[], []]);
  });

  it('holds up no alert: one that cannot be read or told is not delivered again, and not counted', async () => {
    here().topicIsAway = true;
    await comes(now);
    const [recorded] = await here().table.changes();
    const broken = {
      ...recorded,
      dynamodb: { ...recorded?.dynamodb, NewImage: { ...recorded?.dynamodb?.NewImage, document: { S: '{' } } },
    };
    expect(await invoke(triage, { Records: [broken, alertRecord('1'), recorded] })).toEqual({ batchItemFailures: [] });
    expect(await invoke(notify, { Records: await here().table.changes() })).toEqual({ batchItemFailures: [] });
    expect([here().told.length, here().proven, counted]).toEqual([1, [], []]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { environment } from '../../shared/contract/environment.ts';
import { metrics } from '../../shared/contract/metrics.ts';
import { Pace } from '../../shared/adapters/pace.ts';
import { localCredentials, localRegion } from '../support/dynamodb.ts';
import { LocalHttp } from '../support/http.ts';
import { formerly, ours, settings, theirs } from '../enrolment/region.ts';
import { LocalRegion } from '../enrolment/server.ts';

vi.mock('node:timers/promises', async (original) => ({ ...(await original()), setTimeout: () => Promise.resolve() }));

const counts = new Map<string, number>();
vi.mock('../../functions/telemetry.ts', async (original) => ({
  ...(await original()),
  count: (name: keyof typeof metrics, amount: number) => counts.set(metrics[name], amount),
}));

const written: string[] = [];
let region: LocalRegion;
let formation: LocalHttp;
let invoke: (event: unknown) => Promise<unknown>;
beforeAll(async () => {
  region = await LocalRegion.start();
  formation = await LocalHttp.start({ status: 200 });
  for (const [name, value] of Object.entries({
    AWS_REGION: localRegion,
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    AWS_ENDPOINT_URL: region.url,
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_SERVICE_NAME: 'enrol',
    [environment.enrolment]: JSON.stringify(settings),
  }))
    vi.stubEnv(name, value);
  for (const stream of ['log', 'info', 'warn', 'error'] as const)
    vi.spyOn(console, stream).mockImplementation((line: unknown) => void written.push(String(line)));
  const { handler } = await import('../../functions/enrol.ts');
  invoke = (event) => handler(event as never, { functionName: 'enrol' } as never);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await region.stop();
  await formation.stop();
});
beforeEach(() => {
  for (const each of [region.clusters, region.groups, region.classes, region.refusals]) each.clear();
  region.asked.length = 0;
  formation.received.length = 0;
  written.length = 0;
  counts.clear();
});

const on = {
  status: 'ACTIVE',
  tags: { plimsoll: 'on' },
  logging: {
    clusterLogging: [
      { types: ['api'], enabled: false },
      { types: ['audit'], enabled: true },
    ],
  },
} as never;
const blue = '/aws/eks/blue/cluster';
const put = settings.filters.map(({ name, pattern }) => ({
  logGroupName: blue,
  filterName: name,
  filterPattern: pattern,
  destinationArn: ours,
}));
const changes = () => region.asked.filter((call) => /^(?:Put|Delete)/.test(call));
const counted = (name: string): number => counts.get(name) ?? 0;
const order = (more: object) => ({
  ...{ ResponseURL: `${formation.url}/answer`, StackId: 's', RequestId: 'r', LogicalResourceId: 'Order', PhysicalResourceId: 'Order' },
  ...more,
});
const answers = () => formation.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);

describe('on a tick, or an event of whatever content', () => {
  it('enrols what is to be enrolled, page by page, and does nothing the second time', async () => {
    for (const name of ['other', 'blue', 'production', 'green']) region.clusters.set(name, on);
    region.clusters.set('other', { ...(on as object), tags: {} });
    for (const name of ['/aws/eks/blue/other', blue, '/aws/eks/production/cluster', '/aws/eks/green/cluster', '/aws/eks/other/cluster'])
      region.groups.set(name, []);
    await invoke({ tick: true, time: '2026-03-02T12:00:00Z' });
    expect(region.groups.get(blue)).toEqual(put);
    expect(changes()).toHaveLength(4);
    expect(region.asked).not.toContain('DescribeCluster production');
    await invoke({ source: 'aws.eks', detail: { eventName: 'DeleteCluster', requestParameters: { name: 'blue' } } });
    expect(changes()).toHaveLength(4);
    expect(counted(metrics.clustersNotEnrolled)).toBe(0);
  });

  it('counts and tells what could not be enrolled, and who left', async () => {
    region.clusters.set('blue', on);
    region.clusters.set('green', { ...(on as object), tags: {} });
    region.groups.set(blue, [{ filterName: 'plimsoll', destinationArn: theirs }]);
    region.groups.set('/aws/eks/green/cluster', put);
    await invoke({});
    expect(changes().toSorted()).toEqual([
      'DeleteSubscriptionFilter /aws/eks/green/cluster plimsoll',
      'DeleteSubscriptionFilter /aws/eks/green/cluster plimsoll-text',
      `PutSubscriptionFilter ${blue} plimsoll-text`,
    ]);
    expect([counted(metrics.clustersNotEnrolled), counted(metrics.clustersLeft)]).toEqual([1, 1]);
    expect(written.join('\n')).toContain(`delivers to ${theirs}, which is not ours`);
    expect(written.join('\n')).toContain('it left the enrolment');
  });

  it('changes nothing of a cluster that it may not look at', async () => {
    region.clusters.set('blue', on);
    region.groups.set(blue, put);
    region.refusals.set('DescribeCluster blue', 'AccessDeniedException');
    await invoke({});
    expect([changes(), counted(metrics.clustersNotEnrolled)]).toEqual([[], 1]);
  });

  it('fails where it cannot list the clusters: no list is not an empty one', async () => {
    region.groups.set(blue, put);
    region.refusals.set('ListClusters', 'AccessDeniedException');
    await expect(invoke({})).rejects.toThrow('AccessDeniedException');
    expect(changes()).toEqual([]);
  });
});

describe('for a deployment', () => {
  it('turns filters from the destination before, and answers; a cluster that cannot be enrolled stops no deployment', async () => {
    region.clusters.set('blue', on);
    region.clusters.set('green', on);
    region.groups.set(blue, [{ filterName: 'plimsoll', destinationArn: formerly }]);
    await invoke(order({ RequestType: 'Update', OldResourceProperties: { destination: formerly } }));
    expect(region.groups.get(blue)?.map(({ destinationArn }) => destinationArn)).toEqual([ours, ours]);
    expect(answers()).toEqual([
      { Status: 'SUCCESS', PhysicalResourceId: 'Order', StackId: 's', RequestId: 'r', LogicalResourceId: 'Order' },
    ]);
    expect(counted(metrics.clustersNotEnrolled)).toBe(1);
  });

  it('takes all our filters off when enrolment ends, and is no alarm', async () => {
    region.clusters.set('blue', on);
    region.groups.set(blue, put);
    region.groups.set('/aws/eks/gone/cluster', [...put.slice(0, 1), { filterName: 'siem', destinationArn: theirs }]);
    await invoke(order({ RequestType: 'Delete' }));
    expect([...region.groups.values()]).toEqual([[], [{ filterName: 'siem', destinationArn: theirs }]]);
    expect([answers()[0]!['Status'], counted(metrics.clustersLeft)]).toEqual(['SUCCESS', 0]);
  });

  it('says so where filters stay behind', async () => {
    region.groups.set(blue, put);
    region.refusals.set(`DeleteSubscriptionFilter ${blue} plimsoll`, 'AccessDeniedException');
    await invoke(order({ RequestType: 'Delete' }));
    expect(answers()).toEqual([expect.objectContaining({ Status: 'FAILED', Reason: expect.stringContaining('AWS refused') as unknown })]);
  });

  it('answers also where it fails', async () => {
    region.refusals.set('ListClusters', 'AccessDeniedException');
    await invoke(order({ RequestType: 'Create' }));
    expect(answers()).toEqual([expect.objectContaining({ Status: 'FAILED', Reason: expect.stringContaining('AccessDenied') as unknown })]);
  });
});

it('a pace lets five requests pass a second, in turn', async () => {
  let clock = 0;
  const pace = new Pace(5, async (milliseconds) => {
    await Promise.resolve();
    clock += milliseconds;
  });
  const times: number[] = [];
  await Promise.all([1, 2, 3].map(() => pace.take(() => Promise.resolve(times.push(clock)))));
  expect(times).toEqual([0, 200, 400]);
});

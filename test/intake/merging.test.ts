import { describe, expect, it } from 'vitest';
import { peekFile } from '../../shared/intake/files.ts';
import { mergeFiles, type Step } from '../../shared/intake/merging.ts';
import { Scopes } from '../../shared/intake/scopes.ts';
import { day, hour, minute } from '../../shared/model/time.ts';
import { auditLine } from '../support/records.ts';
import { defaultFormat, fileOf } from '../support/transports.ts';

const nine = Date.parse('2026-03-02T09:00:00Z');

const audit = (...times: readonly number[]): string => times.map((at) => `${auditLine({ at, id: `at-${String(at - nine)}` })}\n`).join('');
const flow = (account: string, ...times: readonly number[]): string =>
  times.map((at) => `2 ${account} eni-1 10.0.0.1 10.0.0.2 40000 443 6 1 1 ${String(at / 1000)} ${String(at / 1000)} ACCEPT OK\n`).join('');
const payload = (cluster: string, owner: string, at: number): string =>
  `${JSON.stringify({ messageType: 'DATA_MESSAGE', owner, logGroup: `/aws/eks/${cluster}/cluster`, logStream: 'kube-apiserver-audit-0a1b', logEvents: [{ id: 'a', timestamp: at, message: auditLine({ at, id: cluster }) }] })}\n`;

async function merge(files: Readonly<Record<string, string>>, named?: string): Promise<Step[]> {
  const known = [];
  for (const [name, content] of Object.entries(files)) {
    const file = await peekFile(fileOf(Buffer.from(content), name), defaultFormat);
    if (file !== undefined) known.push(file);
  }
  const scopes = new Scopes(
    known.map(({ hints }) => hints),
    named,
  );
  const steps: Step[] = [];
  for await (const step of mergeFiles(known, defaultFormat, scopes)) steps.push(step);
  return steps;
}

const batchesOf = (steps: readonly Step[]) => steps.flatMap((step) => ('batch' in step ? [step.batch] : []));
const ticksOf = (steps: readonly Step[]) => steps.flatMap((step) => ('tick' in step ? [step.tick] : []));

describe('files are merged by event time', () => {
  it('whatever order they are named in', async () => {
    const steps = await merge({ late: audit(nine + 3 * minute, nine + 9 * minute), early: audit(nine, nine + 6 * minute) });
    expect(batchesOf(steps).map(({ place, records }) => [place, records.length])).toEqual([
      ['early', 1],
      ['late', 1],
      ['early', 1],
      ['late', 1],
    ]);
  });

  it('a line out of order inside its file is passed on where it stands', async () => {
    const steps = await merge({ a: audit(nine, nine + 2 * minute, nine + minute, nine + 3 * minute) });
    expect(batchesOf(steps).flatMap(({ records }) => records)).toHaveLength(4);
  });

  it('in one minute the audit log comes before the flow log that needs it', async () => {
    const steps = await merge({ flow: flow('111122223333', nine, nine + 30_000), audit: audit(nine + 20_000) });
    expect(batchesOf(steps).map(({ log }) => log)).toEqual(['audit', 'flow']);
  });

  it('into batches of at most 500 lines', async () => {
    const steps = await merge({ a: audit(...Array.from({ length: 1_200 }, (_, index) => nine + index)) });
    expect(batchesOf(steps).map(({ records }) => records.length)).toEqual([500, 500, 200]);
  });
});

describe('time moves on in ticks', () => {
  it('every five minutes of event time, and once more when all is read, so far ahead that every hour is closed', async () => {
    const ticks = ticksOf(await merge({ a: audit(nine + minute, nine + 12 * minute) }));
    expect(ticks.map(({ time }) => time - nine)).toEqual([5 * minute, 10 * minute, 12 * minute + 3 * hour]);
    expect(ticks.at(-1)?.watermark).toBeGreaterThan(nine + 2 * hour);
  });

  it('after what happened before them', async () => {
    const steps = await merge({ a: audit(nine + minute, nine + 12 * minute) });
    expect(steps.map((step) => Object.keys(step)[0])).toEqual(['batch', 'tick', 'tick', 'batch', 'tick']);
  });

  it('a silence of years costs one', async () => {
    expect(ticksOf(await merge({ a: audit(nine, nine + 9_000 * day) }))).toHaveLength(2);
  });
});

describe('all logs of one cluster agree on where they come from', () => {
  it('account and region are the first that any of them tells', async () => {
    const api = JSON.stringify({
      'detail-type': 'AWS API Call via CloudTrail',
      account: '111122223333',
      region: 'eu-central-1',
      time: '2026-03-02T09:00:00Z',
      detail: {
        eventSource: 'eks.amazonaws.com',
        eventName: 'DescribeCluster',
        awsRegion: 'eu-central-1',
        eventTime: '2026-03-02T09:00:00Z',
      },
    });
    const steps = await merge({ audit: payload('harbour', '111122223333', nine), flow: flow('111122223333', nine), api: `${api}\n` });
    const scopes = batchesOf(steps).map(({ scope }) => scope);
    expect(scopes).toHaveLength(3);
    expect(new Set(scopes.map((scope) => JSON.stringify(scope)))).toEqual(
      new Set([JSON.stringify({ cluster: 'harbour', account: '111122223333', region: 'eu-central-1' })]),
    );
  });

  it('the region may stand in the name of a node', async () => {
    const line = audit(nine).replace(/"username":"[^"]*"/, '"username":"system:node:ip-10-0-0-1.eu-west-1.compute.internal"');
    expect(batchesOf(await merge({ a: line }))[0]?.scope).toEqual({ cluster: 'cluster', account: '111122223333', region: 'eu-west-1' });
  });

  it('EKS, which calls from an account of its own, does not tell the account of the cluster', async () => {
    const eks = auditLine({ at: nine, id: 'a', who: 'AWSWesleyClusterManagerLambda-Add-x' })
      .replaceAll('111122223333', '444455556666')
      .replace(/"username":"[^"]*"/, '"username":"eks:addon-manager"');
    const scopeOf = async (text: string) => batchesOf(await merge({ a: text }))[0]?.scope.account;
    expect(await scopeOf(`${eks}\n${audit(nine + minute)}`)).toBe('111122223333');
    expect(await scopeOf(`${eks}\n`)).toBe('');
  });

  it('two clusters stay apart, each with its own account', async () => {
    const steps = await merge({ a: payload('harbour', '111122223333', nine), b: payload('quay', '444455556666', nine) });
    expect(
      batchesOf(steps)
        .map(({ scope }) => `${scope.cluster} ${scope.account}`)
        .sort(),
    ).toEqual(['harbour 111122223333', 'quay 444455556666']);
  });

  it('what does not tell its cluster belongs to the only one, to the one that is named, or to "cluster"', async () => {
    const one = { a: payload('harbour', '111122223333', nine), f: flow('111122223333', nine) };
    const two = { ...one, b: payload('quay', '444455556666', nine) };
    const clusterOfFlow = async (files: Readonly<Record<string, string>>, named?: string): Promise<string | undefined> =>
      batchesOf(await merge(files, named)).find(({ log }) => log === 'flow')?.scope.cluster;
    expect(await clusterOfFlow(one)).toBe('harbour');
    expect(await clusterOfFlow(two)).toBe('cluster');
    expect(await clusterOfFlow(two, 'quay')).toBe('quay');
    expect(await clusterOfFlow({ f: one.f }, 'pier')).toBe('pier');
  });
});

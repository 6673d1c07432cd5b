import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { describeLogGroup, InsightsHistory } from '../../shared/adapters/logs-history.ts';
import { type HistoryQuery, line, mostRows } from '../../shared/intake/insights-query.ts';
import { day, second } from '../../shared/model/time.ts';
import { localCredentials, localRegion } from '../support/dynamodb.ts';
import { LocalLogs } from '../support/insights.ts';

const group = '/aws/eks/harbour/cluster';
const monday = Date.parse('2026-03-09T00:00:00Z');
const span = { from: monday, to: monday + day };
const everything: HistoryQuery = { name: 'everything', where: line('.'), captures: [], oneOfEach: [] };
const newestOfEach: HistoryQuery = { ...everything, captures: ['^(?<kind>[a-z]+)'], oneOfEach: ['kind'] };

const stored = (message: string, time: number) => ({ stream: 'kube-apiserver-audit-0a', message, time });
const lines = [
  stored('get 1', monday),
  stored('get 2', monday + 5_123),
  stored('list 3', monday + day - second),
  stored('later', monday + day + 2 * second),
];

let logs: LocalLogs;
let client: CloudWatchLogsClient;
let pauses: number[];
beforeEach(async () => {
  pauses = [];
  logs = await LocalLogs.start([
    { name: `${group}-2`, created: 5, lines: [] },
    { name: group, created: 7, retentionDays: 30, lines },
  ]);
  // Attempts are the adapter's to count here: the SDK's own would wait for real.
  client = new CloudWatchLogsClient({ endpoint: logs.url, region: localRegion, credentials: localCredentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await logs.stop();
});

const history = () =>
  new InsightsHistory(client, group, (attempt) => {
    pauses.push(attempt);
    return Promise.resolve();
  });

describe('a log group', () => {
  it('is described with what its cost can be reckoned from', async () => {
    expect(await describeLogGroup(client, group)).toEqual({
      name: group,
      account: '111122223333',
      region: 'eu-central-1',
      storedBytes: 21,
      created: 7,
      retentionDays: 30,
    });
    expect((await describeLogGroup(client, `${group}-2`))?.retentionDays).toBeUndefined();
  });

  it('is absent where there is none of exactly this name', async () => {
    expect(await describeLogGroup(client, '/aws/eks/harbour/clus')).toBeUndefined();
  });
});

describe('asking Logs Insights', () => {
  it('gives the lines of the span with the time at which they were taken, and what was scanned', async () => {
    const answer = await history().ask(everything, span);
    expect(answer).toMatchObject({
      lines: [
        { message: 'list 3', ingested: monday + day - second },
        { message: 'get 2', ingested: monday + 5_123 },
        { message: 'get 1', ingested: monday },
      ],
      scanned: 16,
    });
    expect(logs.asked).toMatchObject([{ from: monday / second, to: (monday + day) / second }]);
    expect(new Set('lines' in answer ? answer.lines.map(({ id }) => id) : []).size).toBe(3);
  });

  it('gives one line of each group', async () => {
    expect(await history().ask(newestOfEach, span)).toMatchObject({ lines: [{ message: 'list 3' }, { message: 'get 2' }] });
  });

  it('gives no more lines than a result holds', async () => {
    await logs.stop();
    logs = await LocalLogs.start([
      { name: group, created: 0, lines: Array.from({ length: mostRows + 5 }, (_, at) => stored(String(at), monday)) },
    ]);
    client = new CloudWatchLogsClient({ endpoint: logs.url, region: localRegion, credentials: localCredentials, maxAttempts: 1 });
    const answer = await history().ask(everything, span);
    expect('lines' in answer && answer.lines.length).toBe(mostRows);
  });

  it.each(['LimitExceededException', 'ThrottlingException', 'ServiceUnavailableException'])(
    'tries again after %s, longer each time',
    async (error) => {
      logs.refusals['StartQuery'] = [error, error, error];
      logs.refusals['GetQueryResults'] = [error];
      expect(await history().ask(everything, span)).toMatchObject({ lines: [{}, {}, {}] });
      expect(pauses.slice(0, 3)).toEqual([0, 1, 2]);
    },
  );

  it('gives up where the account never ceases to run too many queries', async () => {
    logs.mostRunning = 0;
    expect(await history().ask(everything, span)).toEqual({ failure: 'the account runs too many queries', scanned: 0 });
  });

  it.each(['Failed', 'Timeout', 'Cancelled'] as const)('says that a query ended as %s, and what that cost', async (status) => {
    logs.courses.push(['Running', status]);
    expect(await history().ask(everything, span)).toEqual({ failure: `the query ended as ${status}`, scanned: 16 });
  });

  it('stops a query that does not end', async () => {
    logs.courses.push(['Running']);
    expect(await history().ask(everything, span)).toEqual({ failure: 'the query did not end', scanned: 16 });
    expect(logs.stopped).toHaveLength(1);
  });

  it('fails where patience does not help', async () => {
    logs.refusals['StartQuery'] = ['AccessDeniedException'];
    await expect(history().ask(everything, span)).rejects.toThrow('AccessDeniedException');
    await expect(history().ask({ ...everything, where: line('(') }, span)).rejects.toThrow(
      expect.objectContaining({ name: 'MalformedQueryException' }),
    );
  });
});

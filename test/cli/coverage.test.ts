import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCoverageOptions, runCoverage } from '../../cli/covering.ts';
import type { Row } from '../../shared/coverage/table.ts';
import { localCredentials } from '../support/dynamodb.ts';
import { LocalAws } from '../support/aws.ts';
import { deployed, wellAnswers } from '../support/watched-region.ts';

/** The table of what is watched, from a server that answers as AWS does. */

const now = Date.parse('2026-03-10T02:40:00Z');
let answers: ReturnType<typeof wellAnswers>;
let aws: LocalAws;
beforeEach(async () => {
  answers = wellAnswers();
  aws = await LocalAws.start((call) => {
    const answer = answers[call.call];
    if (answer === undefined) throw new Error(`nobody answers ${call.call}`);
    return typeof answer === 'function' ? answer(call) : answer;
  });
});
afterEach(() => aws.stop());

const run = (json: boolean) => runCoverage({ region: 'eu-central-1', json }, now, { endpoint: aws.url, credentials: localCredentials });
const table = async (): Promise<{ rows: readonly Row[]; notes: readonly { text: string }[] }> =>
  JSON.parse((await run(true)).lines.join('\n')) as { rows: readonly Row[]; notes: readonly { text: string }[] };
const row = async (source: string, cluster = 'harbour'): Promise<Row | undefined> =>
  (await table()).rows.find((one) => one.source === source && one.cluster === (['api', 'pipeline'].includes(source) ? '' : cluster));

describe('where nothing is amiss', () => {
  it('everything is watched', async () => {
    const { lines, blind } = await run(false);
    expect(lines.join('\n')).toContain('5 watched, 0 blind, 0 unknown');
    expect(blind).toBe(false);
  });

  it('who can reach a cluster is said as it is', async () => {
    expect((await table()).notes.map(({ text }) => text)).toContain(
      'its endpoint is public to 192.0.2.0/24; who may enter is decided by API',
    );
  });
});

describe('a cluster', () => {
  it('that nobody watches is found on any page of the list', async () => {
    answers['/clusters'] = ({ parameters }) => ({
      json: parameters['nextToken'] === undefined ? { clusters: ['harbour'], nextToken: 'more' } : { clusters: ['quarry'] },
    });
    answers['/clusters/quarry'] = { json: { cluster: { name: 'quarry', status: 'ACTIVE' } } };
    expect(await row('audit', 'quarry')).toMatchObject({ status: 'blind', why: ['cluster quarry is not among those that are watched'] });
  });

  it('whose audit log is off is blind, and the command to mend it is given', async () => {
    answers['/clusters/harbour'] = {
      json: {
        cluster: {
          name: 'harbour',
          status: 'ACTIVE',
          logging: { clusterLogging: [{ types: ['api', 'audit', 'authenticator'], enabled: false }] },
        },
      },
    };
    const audit = await row('audit');
    expect(audit?.status).toBe('blind');
    expect(audit?.fix[0]).toMatch(/^aws eks update-cluster-config --region eu-central-1 --name harbour --logging '/);
    expect(await row('authenticator')).toMatchObject({ status: 'blind' });
  });
});

describe('a cluster that enrolment chooses', () => {
  const quarry = { name: 'quarry', status: 'ACTIVE', tags: { plimsoll: 'on' }, createdAt: 1_700_000_000 };
  const logging = { clusterLogging: [{ types: ['audit', 'authenticator'], enabled: true }] };
  const permitted = JSON.stringify({
    Statement: [
      {
        ...{ Effect: 'Allow', Principal: { Service: 'logs.amazonaws.com' }, Action: 'lambda:InvokeFunction' },
        Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:logs:eu-central-1:111122223333:log-group:/aws/eks/*/cluster:*' } },
      },
    ],
  });
  const given = (cluster: object, choice: object = { tag: { key: 'plimsoll', value: 'on' } }): void => {
    const told = { tick: true, deployed: { ...deployed, enrolment: choice } };
    answers['/schedules/Plimsoll-Check'] = { json: { Target: { Arn: 'x', RoleArn: 'y', Input: JSON.stringify(told) } } };
    answers['/clusters'] = { json: { clusters: ['harbour', 'quarry'] } };
    answers['/clusters/quarry'] = { json: { cluster: { ...quarry, logging, ...cluster } } };
    answers['/2015-03-31/functions/Plimsoll-Audit/policy'] = { json: { Policy: permitted } };
  };
  const withoutFilters = (): void => {
    const before = answers['DescribeSubscriptionFilters'] as (call: never) => { json: object };
    answers['DescribeSubscriptionFilters'] = (call) =>
      call.parameters['logGroupName'] === '/aws/eks/quarry/cluster' ? { json: { subscriptionFilters: [] } } : before(call as never);
  };

  it.each([{ tag: { key: 'plimsoll', value: 'on' } }, { all: true }])(
    'is watched like one that has a name in the configuration: %j',
    async (choice) => {
      given({}, choice);
      expect(await row('audit', 'quarry')).toMatchObject({ status: 'watched' });
      expect(await row('authenticator', 'quarry')).toMatchObject({ status: 'watched' });
    },
  );

  it('is blind without our filters', async () => {
    withoutFilters();
    given({});
    expect((await row('audit', 'quarry'))?.why[0]).toContain('has no subscription filter plimsoll');
  });

  it('is not watched without the tag, and the tag is one way to mend it', async () => {
    given({ tags: { plimsoll: 'off' } });
    expect(await row('audit', 'quarry')).toMatchObject({
      ...{ status: 'blind', why: ['cluster quarry is not among those that are watched'] },
      fix: ['# give it the tag plimsoll=on, or', expect.stringContaining('infra/plimsoll.config.ts'), 'npx cdk deploy'],
    });
    expect(await row('authenticator', 'quarry')).toBeUndefined();
  });

  it('is unknown while it cannot be described', async () => {
    given({});
    answers['/clusters/quarry'] = { refused: 'AccessDeniedException', status: 403 };
    expect(await row('audit', 'quarry')).toMatchObject({ status: 'unknown' });
  });
});

describe('a subscription', () => {
  const filters = (list: readonly Record<string, string>[]) => {
    const before = answers['DescribeSubscriptionFilters'] as (call: never) => { json: { subscriptionFilters: Record<string, string>[] } };
    const own = before({ parameters: {} } as never).json.subscriptionFilters;
    answers['DescribeSubscriptionFilters'] = (call) =>
      call.parameters['logGroupName'] === '/aws/eks/harbour/cluster'
        ? { json: { subscriptionFilters: [...list, ...own.slice(list.length)] } }
        : before(call as never);
    return own;
  };

  it('that was replaced under its own name counts as gone', async () => {
    filters([
      {
        filterName: 'plimsoll',
        filterPattern: '{ $.kind = "Nothing" }',
        destinationArn: 'arn:aws:lambda:eu-central-1:111122223333:function:Plimsoll-Audit',
      },
    ]);
    expect((await row('audit'))?.why[0]).toMatch(/forwards only lines that match \{ \$\.kind = "Nothing" \}/);
  });

  it('whose place strangers have is named with them', async () => {
    filters([
      { filterName: 'theirs', filterPattern: '', destinationArn: 'x' },
      { filterName: 'others', filterPattern: '', destinationArn: 'x' },
    ]);
    const audit = await row('audit');
    expect(audit?.why[0]).toContain('others have its place: theirs, others');
    expect(audit?.fix[0]).toContain('delete-subscription-filter');
  });

  it('whose function lets nobody in is blind, though the filter is there', async () => {
    answers['/2015-03-31/functions/Plimsoll-Audit/policy'] = { refused: 'ResourceNotFoundException', status: 404 };
    expect((await row('audit'))?.why[0]).toContain('may not invoke');
    expect(await row('flow')).toMatchObject({ status: 'watched' });
  });
});

describe('flow logs', () => {
  it.each([
    ['ACTIVE', 'INACTIVE', /no active flow log/],
    ['SUCCESS', 'FAILED', /cannot deliver/],
    ['>ALL<', '>ACCEPT<', /records ACCEPT traffic only/],
    ['${pkt-srcaddr} ', '', /in another order/],
  ])('with %s turned to %j are told', async (from, to, why) => {
    const { xml } = answers['DescribeFlowLogs'] as { xml: string };
    answers['DescribeFlowLogs'] = { xml: xml.replace(from, to) };
    expect(await row('flow')).toMatchObject({ status: 'blind', why: [expect.stringMatching(why) as string] });
  });
});

describe('calls to AWS', () => {
  it('are not seen without a trail', async () => {
    answers['DescribeTrails'] = { json: { trailList: [] } };
    expect(await row('api')).toMatchObject({ status: 'blind' });
  });

  it('are not seen with one that is stopped, or records reads only', async () => {
    answers['GetTrailStatus'] = { json: { IsLogging: false } };
    expect((await row('api'))?.why[0]).toContain('is stopped');
    answers['GetTrailStatus'] = { json: { IsLogging: true } };
    answers['GetEventSelectors'] = { json: { EventSelectors: [{ ReadWriteType: 'ReadOnly', IncludeManagementEvents: true }] } };
    expect((await row('api'))?.why[0]).toContain('does not record management events that write');
  });
});

describe('a part of the stack', () => {
  it.each([
    ['DescribeRule', { json: { State: 'DISABLED' } }, /is DISABLED/],
    ['DescribeRule', { refused: 'ResourceNotFoundException', status: 400 }, /rule Plimsoll-Eks of the stack is gone/],
    ['ListTargetsByRule', { json: { Targets: [] } }, /has no target/],
    ['/schedules/Plimsoll-Rollup', { json: { State: 'DISABLED' } }, /schedule Plimsoll-Rollup is DISABLED/],
    ['/2019-09-30/functions/Plimsoll-Flow/concurrency', { json: { ReservedConcurrentExecutions: 0 } }, /may not run/],
    ['DescribeAlarms', { json: { MetricAlarms: [] } }, /1 of 1 alarms/],
  ] as const)('that %s finds otherwise is told', async (call, answer, why) => {
    answers[call] = answer;
    expect(await row('pipeline')).toMatchObject({ status: 'blind', why: [expect.stringMatching(why) as string] });
  });
});

describe('what may not be looked at', () => {
  it.each([
    ['/clusters', 'audit'],
    ['DescribeSubscriptionFilters', 'audit'],
    ['DescribeFlowLogs', 'flow'],
    ['DescribeTrails', 'api'],
    ['DescribeTable', 'pipeline'],
  ])('by %s is unknown, and never watched', async (call, source) => {
    answers[call] = { refused: 'AccessDeniedException' };
    expect(await row(source)).toMatchObject({ status: 'unknown' });
  });
});

it('says when logs were last heard cannot be read, and goes on', async () => {
  answers['Query'] = { refused: 'AccessDeniedException', status: 400 };
  expect((await table()).notes.map(({ text }) => text)).toContain('when logs were last heard could not be read: AccessDeniedException');
});

it('says so where nothing is deployed', async () => {
  answers['/schedules'] = { json: { Schedules: [] } };
  await expect(run(false)).rejects.toThrow('deploy Plimsoll first');
});

it('takes options only', () => {
  expect(readCoverageOptions(['--region', 'eu-west-1', '--json'])).toEqual({ region: 'eu-west-1', json: true, failOnBlind: false });
  expect(() => readCoverageOptions(['harbour'])).toThrow('options only');
});

/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- a template is JSON: a test fails where it is not shaped as the test says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';

import { checkConfiguration } from '../../infra/config.ts';
import { configuration as example } from '../../infra/plimsoll.config.ts';
import { environment } from '../../shared/contract/environment.ts';
import { metrics } from '../../shared/contract/metrics.ts';
import { controlPlaneFilters } from '../../shared/detect/derive.ts';
import { app, stack, type Statement, Synthesis } from './synthesis.ts';

const tag = { key: 'plimsoll', value: 'on' };
const usual = new Synthesis();
const tagged = new Synthesis(stack({ enrolment: { tag } }));
const high = new Synthesis(stack({ enrolment: { all: true }, highVolume: true }));
const arn = (service: string, resource: string) => ({
  'Fn::Join': [
    '',
    ['arn:', { Ref: 'AWS::Partition' }, `:${service}:`, { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, `:${resource}`],
  ],
});
const granted = (of: Synthesis) =>
  of
    .statementsOf('enrol')
    .filter(({ Action }) => [Action].flat().some((action) => /^(?:logs:(?!CreateLogStream|PutLogEvents)|eks|iam):?/.test(action)))
    .map(({ Action, Resource, Condition }) => [[Action].flat().toSorted(), Resource, ...(Condition === undefined ? [] : [Condition])]);
const permissionOfAll = (of: Synthesis) =>
  of.all('AWS::Lambda::Permission').filter(({ Properties }) => JSON.stringify(Properties.SourceArn ?? '').includes('/aws/eks/*/cluster'));
/** The settings as the function reads them: what is known at deployment only stands in them as it will. */
const settingsOf = (of: Synthesis) => {
  const given = of.handler('enrol').Properties.Environment.Variables[environment.enrolment] as { 'Fn::Join': [string, unknown[]] };
  const parts = given['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', "'")));
  return JSON.parse(parts.join('')) as Record<string, unknown>;
};

describe('without enrolment', () => {
  it('there is no function for it, no right, and no log group of an unknown name may invoke anything', () => {
    expect(() => usual.handler('enrol')).toThrow('no function enrol');
    expect(permissionOfAll(usual)).toEqual([]);
    expect(() => usual.all('Custom::PlimsollEnrolment')).toThrow('has no Custom::PlimsollEnrolment');
  });
});

describe('with enrolment', () => {
  it('the function is told the choice, the named clusters, and the very filters that the stack puts', () => {
    const put = tagged
      .all('AWS::Logs::SubscriptionFilter')
      .map(({ Properties }) => Properties)
      .filter(({ LogGroupName }) => LogGroupName === '/aws/eks/production/cluster')
      .map(({ FilterName, FilterPattern }) => ({ name: FilterName as string, pattern: FilterPattern as string }));
    const settings = settingsOf(tagged);
    expect(settings).toEqual({
      choice: { tag },
      named: ['production', 'staging'],
      destination: `{'Fn::GetAtt':['${tagged.handler('analyse-audit').id}','Arn']}`,
      filters: put,
    });
    expect(put).toEqual(controlPlaneFilters('derived'));
    expect(settingsOf(new Synthesis(stack({ enrolment: { all: true }, filter: 'everything' }))).filters).toEqual(
      controlPlaneFilters('everything'),
    );
    expect(JSON.stringify(settings).length).toBeLessThan(3_000);
  });

  it('the function may look at clusters and log groups, and change filters of control-plane groups alone', () => {
    const looking = [
      [['logs:DescribeLogGroups'], arn('logs', 'log-group:*')],
      [['eks:DescribeCluster'], arn('eks', 'cluster/*')],
      [['eks:ListClusters'], '*'],
    ];
    const changing = [
      ['logs:DeleteSubscriptionFilter', 'logs:DescribeSubscriptionFilters', 'logs:PutSubscriptionFilter'],
      arn('logs', 'log-group:/aws/eks/*'),
    ];
    expect(granted(tagged)).toEqual([changing, ...looking]);
    const [role] = high.all('AWS::IAM::Role').filter(({ id }) => id.startsWith('PipelineAuditRelayWriter'));
    expect(granted(high)).toEqual([
      changing,
      ...looking,
      [['iam:PassRole'], { 'Fn::GetAtt': [role!.id, 'Arn'] }, { StringEquals: { 'iam:PassedToService': 'logs.amazonaws.com' } }],
    ]);
  });

  it('log groups of clusters in this account may invoke the function that judges them, and no other', () => {
    expect(permissionOfAll(tagged).map(({ Properties }) => Properties)).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [tagged.handler('analyse-audit').id, 'Arn'] },
        Principal: 'logs.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
        SourceArn: arn('logs', 'log-group:/aws/eks/*/cluster:*'),
      },
    ]);
    expect(permissionOfAll(high)).toEqual([]);
  });

  it('is known by its role, and not by a name, to those that judge who changes filters', () => {
    const site = tagged.handler('analyse-api').Properties.Environment.Variables[environment.site] as { 'Fn::Join': [string, unknown[]] };
    const [before, role, after] = site['Fn::Join'][1];
    expect(role).toEqual(tagged.handler('enrol').Properties.Role);
    expect(before).toMatch(/\{"who":"$/);
    expect(after).toMatch(/^","duty":"enrolment"\}\]/);
  });

  it('deliveries of every filter of ours are watched, as the log groups are not known', () => {
    const queries = tagged
      .all('AWS::CloudWatch::Alarm')
      .flatMap(({ Properties }) => (Properties.Metrics as { Expression?: string }[] | undefined) ?? [])
      .flatMap(({ Expression = '' }) => (Expression.startsWith('SELECT') ? [Expression] : []));
    expect(queries).toHaveLength(4);
    for (const name of ['plimsoll', 'plimsoll-text'])
      for (const metric of ['DeliveryErrors', 'DeliveryThrottling'])
        expect(queries).toContain(
          `SELECT SUM(${metric}) FROM SCHEMA("AWS/Logs", DestinationType, FilterName, LogGroupName) WHERE FilterName = '${name}'`,
        );
  });

  it('at high volume the filters deliver into the data stream', () => {
    const { destination, role } = settingsOf(high);
    expect(destination).toContain('PipelineAuditRelayStream');
    expect(role).toContain('PipelineAuditRelayWriter');
  });

  it('the function looks every hour, and after calls on clusters and on filters of their log groups', () => {
    const id = tagged.handler('enrol').id;
    const schedules = tagged.all('AWS::Scheduler::Schedule').map(({ Properties }) => Properties);
    expect(schedules.find(({ Target }) => JSON.stringify(Target).includes(`"${id}"`))).toMatchObject({
      ScheduleExpression: 'rate(1 hour)',
    });
    const patterns = tagged
      .all('AWS::Events::Rule')
      .filter(({ Properties }) => JSON.stringify(Properties.Targets).includes(`"${id}"`))
      .map(({ Properties }) => Properties.EventPattern);
    expect(patterns).toEqual([
      {
        source: ['aws.eks'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: { eventName: ['CreateCluster', 'DeleteCluster', 'UpdateClusterConfig', 'TagResource', 'UntagResource'] },
      },
      {
        source: ['aws.logs'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: {
          eventName: ['CreateLogGroup', 'PutSubscriptionFilter', 'DeleteSubscriptionFilter'],
          requestParameters: { logGroupName: [{ prefix: '/aws/eks/' }] },
        },
      },
    ]);
  });

  it.each([
    ['directly', tagged, 'PipelineEnrolmentInvoke'],
    ['through a data stream', high, 'PipelineAuditRelayMapping'],
  ])('a deployment orders it %s, once it can deliver, and its removal takes the filters off while it still may', (_, of, needed) => {
    const [order] = of.all('Custom::PlimsollEnrolment');
    expect(order!.Properties).toMatchObject({
      ServiceToken: { 'Fn::GetAtt': [of.handler('enrol').id, 'Arn'] },
      ServiceTimeout: '1200',
      destination: expect.objectContaining({ 'Fn::GetAtt': expect.any(Array) as unknown }) as unknown,
    });
    expect(order!.DependsOn!.some((id) => id.startsWith(needed))).toBe(true);
    expect(order!.DependsOn!.some((id) => id.startsWith('PipelineEnrolmentEnrolRoleDefaultPolicy'))).toBe(true);
  });

  it('the order changes with what is wanted, so that a deployment brings every filter up to date', () => {
    const order = (change: Parameters<typeof stack>[0]) =>
      new Synthesis(stack(change)).all('Custom::PlimsollEnrolment')[0]!.Properties.settings as string;
    const orders = [
      order({ enrolment: { tag } }),
      order({ enrolment: { all: true } }),
      order({ enrolment: { tag }, filter: 'everything' }),
      order({ enrolment: { tag }, clusters: [], flowLogs: [] }),
    ];
    expect(new Set(orders).size).toBe(orders.length);
  });

  it('what could not be enrolled, and who left, raise alarms of their own, beside those of every function', () => {
    const alarms = tagged.all('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
    for (const name of [metrics.clustersNotEnrolled, metrics.clustersLeft])
      expect(alarms.filter(({ MetricName }) => MetricName === name)).toEqual([
        expect.objectContaining({
          Dimensions: [{ Name: 'service', Value: 'enrol' }],
          AlarmDescription: expect.stringMatching(/docs\/runbooks\/enrolment-failed\.md$/) as unknown,
        }),
      ]);
    expect(JSON.stringify(alarms.filter(({ MetricName }) => MetricName === 'Errors'))).toContain(tagged.handler('enrol').id);
  });

  it('the AwsSolutions checks have nothing to object to', () => {
    const root = app();
    Validations.of(root).addPlugins(new AwsSolutionsChecks(root));
    stack({ enrolment: { tag }, highVolume: true }, root);
    root.synth();
    expect(readFileSync(join(root.outdir, 'validation-report.json'), 'utf8')).not.toContain('"ruleName"');
  });

  it('every wildcard in the role is one of those', () => {
    const wild = (statement: Statement) => JSON.stringify(statement.Resource).includes('*');
    const others = tagged.statementsOf('enrol').filter((each) => wild(each) && !/^(?:logs|eks):/.test([each.Action].flat()[0]!));
    expect(others.map(({ Action }) => Action)).toEqual(['s3:PutObject']);
  });
});

describe('the choice in the configuration', () => {
  const problem = (change: object): string => {
    try {
      checkConfiguration({ ...example, ...change });
      return '';
    } catch (error) {
      return String(error);
    }
  };

  it('may stand alone: no cluster need be named then', () => {
    expect(problem({ clusters: [], flowLogs: [], enrolment: { all: true } })).toBe('');
    expect(problem({ clusters: [], flowLogs: [] })).toContain('name at least one cluster');
  });

  it.each([
    [{}, 'give either tag: { key, value }, or all: true'],
    [{ tag, all: true }, 'give either tag'],
    [{ all: false }, 'enrolment.all false: say true, or leave enrolment out'],
    [{ tag: { key: 'aws:eks', value: '' } }, 'enrolment.tag.key "aws:eks": a tag key'],
    [{ tag: { key: 'plimsoll' } }, 'enrolment.tag.value is missing'],
    ['all', 'must be an object'],
  ])('%j is wrong', (enrolment, fix) => {
    expect(problem({ enrolment })).toContain(fix);
  });
});

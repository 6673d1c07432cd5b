/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-assignment -- a template is JSON: a test fails where it is not shaped as the test says. */
import { describe, expect, it } from 'vitest';

import { type Deployed, stackName } from '../../shared/contract/deployed.ts';
import { environment } from '../../shared/contract/environment.ts';
import { flowFormat } from '../../shared/contract/logs.ts';
import { deployedIn } from '../../shared/coverage/deployed.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { subscriptionOf } from '../../shared/detect/subscription.ts';
import { isOwnFilter } from '../../shared/knowledge/monitoring.ts';
import { changes, reads } from '../../infra/api-calls.ts';
import { logGroupArn, stack, Synthesis } from './synthesis.ts';

const synthesis = new Synthesis();
const onlyClusters = new Synthesis(stack({ flowLogs: [] }));

describe('a log group', () => {
  const filters = synthesis.all('AWS::Logs::SubscriptionFilter');
  const permissions = synthesis.all('AWS::Lambda::Permission').filter(({ Properties }) => Properties.Principal === 'logs.amazonaws.com');

  it('of every named cluster is subscribed to, and no other control plane', () => {
    const groups = onlyClusters.all('AWS::Logs::SubscriptionFilter').map(({ Properties }) => Properties.LogGroupName as string);
    expect([...new Set(groups)].toSorted()).toEqual(['/aws/eks/production/cluster', '/aws/eks/staging/cluster']);
  });

  describe('of a control plane', () => {
    const of = (from: Synthesis, cluster: string) =>
      from
        .all('AWS::Logs::SubscriptionFilter')
        .filter(({ Properties }) => Properties.LogGroupName === `/aws/eks/${cluster}/cluster`)
        .map(({ Properties }) => [Properties.FilterName, Properties.FilterPattern] as [name: string, pattern: string]);

    it('has two filters: audit lines that detections can use, and lines that no pattern on JSON can match', () => {
      const { json, text } = subscriptionOf(catalogue);
      for (const cluster of ['production', 'staging'])
        expect(of(synthesis, cluster)).toEqual([
          ['plimsoll', json],
          ['plimsoll-text', text],
        ]);
    });

    it('has no more filters than CloudWatch Logs allows, and no longer ones', () => {
      expect(of(synthesis, 'production')).toHaveLength(2);
      for (const [, pattern] of of(synthesis, 'production')) expect(pattern.length).toBeLessThanOrEqual(1_024);
    });

    it('has one filter that forwards every line, where the configuration says so', () => {
      const everything = new Synthesis(stack({ filter: 'everything' }));
      expect(of(everything, 'production')).toEqual([['plimsoll', '']]);
      expect(everything.all('AWS::Logs::SubscriptionFilter').map(({ id }) => id)).not.toContainEqual(expect.stringMatching(/text/i));
    });

    it('keeps its main filter where it is, whatever it forwards', () => {
      const idOf = (from: Synthesis) =>
        from.all('AWS::Logs::SubscriptionFilter').find(({ Properties }) => Properties.LogGroupName === '/aws/eks/production/cluster')?.id;
      expect(idOf(new Synthesis(stack({ filter: 'everything' })))).toBe(idOf(synthesis));
    });

    it('changes one filter after the other: CloudWatch Logs refuses two changes of a log group at once', () => {
      for (const { Properties, DependsOn } of filters.filter(({ Properties }) => Properties.FilterName === 'plimsoll-text')) {
        const main = filters.find((each) => each.Properties.LogGroupName === Properties.LogGroupName);
        expect(DependsOn).toContain(main?.id);
      }
    });

    it('is watched for tampering under both names', () => {
      for (const name of new Set(filters.map(({ Properties }) => Properties.FilterName as string))) expect(isOwnFilter(name)).toBe(true);
    });
  });

  it('of flows forwards every line', () => {
    const flows = filters.filter(({ Properties }) => !/^\/aws\/eks\//.test(String(Properties.LogGroupName)));
    expect(flows.map(({ Properties }) => [Properties.FilterName as string, Properties.FilterPattern as string])).toEqual([
      ['plimsoll', ''],
      ['plimsoll', ''],
    ]);
  });

  it('may invoke only the function that it is subscribed to, and only from this account', () => {
    const audit = permissions.filter(
      ({ Properties }) => Properties.FunctionName['Fn::GetAtt'][0] === synthesis.handler('analyse-audit').id,
    );
    expect(audit.map(({ Properties }) => Properties.SourceArn as unknown)).toEqual([
      logGroupArn('/aws/eks/production/cluster'),
      logGroupArn('/aws/eks/staging/cluster'),
    ]);
    for (const { Properties } of permissions) {
      expect(Properties.Action).toBe('lambda:InvokeFunction');
      expect(Properties.SourceAccount).toEqual({ Ref: 'AWS::AccountId' });
    }
    const groups = new Set(filters.map(({ Properties }) => JSON.stringify(Properties.LogGroupName)));
    expect(permissions).toHaveLength(groups.size);
  });

  it('is subscribed to after it may invoke the function', () => {
    const ids = permissions.map(({ id }) => id);
    for (const { DependsOn = [] } of filters) expect(DependsOn.filter((each) => ids.includes(each))).toHaveLength(1);
  });

  it('of ours is never subscribed to: that would be a loop', () => {
    const own = synthesis.all('AWS::Lambda::Function').map(({ Properties }) => Properties.LoggingConfig.LogGroup.Ref as string);
    for (const { Properties } of filters) expect(own).not.toContain(Properties.LogGroupName.Ref);
  });
});

describe('flow logs', () => {
  it('are created in the format that attribution needs, in windows of a minute, of all traffic', () => {
    const [flowLog] = synthesis.all('AWS::EC2::FlowLog');
    expect(flowLog!.Properties).toMatchObject({
      ResourceId: 'vpc-0123456789abcdef0',
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      MaxAggregationInterval: 60,
      LogGroupName: { Ref: 'FlowLogGroup0123456789abcdef0' },
    });
    expect((flowLog!.Properties.LogFormat as string).replaceAll(/\$\{([^}]+)\}/g, '$1')).toBe(flowFormat);
    expect(synthesis.byId('FlowLogGroup0123456789abcdef0').Properties.RetentionInDays).toBe(30);
  });

  it('are told to the function with their cluster and format, both those created and those that exist', () => {
    const value = synthesis.handler('analyse-flow').Properties.Environment.Variables[environment.flowSources]['Fn::Join'] as [
      string,
      unknown[],
    ];
    const text = value[1].map((part) => (typeof part === 'string' ? part : (part as { Ref: string }).Ref)).join('');
    expect(JSON.parse(text)).toEqual({
      FlowLogGroup0123456789abcdef0: { cluster: 'production', format: flowFormat },
      '/example/staging/flow': { cluster: 'staging', format: flowFormat },
    });
  });

  it('may be none, or in a format of their own', () => {
    expect(() => onlyClusters.all('AWS::EC2::FlowLog')).toThrow('has no AWS::EC2::FlowLog');
    const format = 'srcaddr dstaddr start end action log-status';
    const other = new Synthesis(stack({ flowLogs: [{ cluster: 'staging', logGroup: 'flow', format }] }));
    expect(other.handler('analyse-flow').Properties.Environment.Variables[environment.flowSources]).toBe(
      JSON.stringify({ flow: { cluster: 'staging', format } }),
    );
  });
});

describe('a rule', () => {
  const checking = { 'Fn::GetAtt': [synthesis.handler('check-coverage').id, 'Arn'] };
  const all = synthesis.all('AWS::Events::Rule').map(({ Properties }) => Properties);
  const checks = all.filter(({ Targets }) => JSON.stringify(Targets[0].Arn) === JSON.stringify(checking));
  const rules = all.filter((rule) => !checks.includes(rule));
  const ruleFor = (name: string) =>
    rules.filter(({ EventPattern }) => (EventPattern.detail?.eventName as string[] | undefined)?.includes(name));

  it('hands each event to analyse-api alone, and keeps what it could not hand over', () => {
    const queue = expect.stringMatching(/^PipelineUndelivered/) as unknown;
    for (const { Targets } of rules) {
      expect(Targets).toEqual([
        expect.objectContaining({
          Arn: { 'Fn::GetAtt': [synthesis.handler('analyse-api').id, 'Arn'] },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queue, 'Arn'] } },
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
        }),
      ]);
    }
  });

  it('has coverage checked after calls that change it, each of which is judged, too', () => {
    expect(checks).toHaveLength(1);
    const [{ EventPattern, Targets }] = checks as [
      { EventPattern: { detail: { eventName: (string | { prefix: string })[] } }; Targets: unknown[] },
    ];
    const carried = changes.flatMap(({ names }) => names);
    const judged = (call: string) => carried.some((one) => (one.endsWith('*') ? call.startsWith(one.slice(0, -1)) : call === one));
    const names = EventPattern.detail.eventName.map((name) => (typeof name === 'string' ? name : name.prefix));
    expect(names.filter((name) => !judged(name))).toEqual(['StartLogging']);
    expect(JSON.stringify(EventPattern).length).toBeLessThanOrEqual(2048);
    expect(Targets).toEqual([
      expect.objectContaining({ InputTransformer: { InputPathsMap: { time: '$.time' }, InputTemplate: '{"tick":true,"time":<time>}' } }),
    ]);
  });

  it('is on the default bus, the only one with CloudTrail on it', () => {
    for (const rule of rules) expect(rule).not.toHaveProperty('EventBusName');
  });

  it('keeps within the length of a pattern', () => {
    for (const { EventPattern } of rules) expect(JSON.stringify(EventPattern).length).toBeLessThanOrEqual(2048);
  });

  it('carries every call that a detection reads', () => {
    const carried = [...changes, ...reads].flatMap(({ source, names }) => names.map((name) => `${source.replace(/^aws\./, '')}:${name}`));
    const isCarried = (call: string) => carried.some((one) => (one.endsWith('*') ? call.startsWith(one.slice(0, -1)) : call === one));
    const wanted = catalogue.flatMap(({ detection }) =>
      (detection.shape === 'detection' || detection.shape === 'threshold') && detection.source === 'api' ? detection.reads : [],
    );
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((call) => !isCarried(call))).toEqual([]);
  });

  it.each([
    'AssociateAccessPolicy',
    'UpdateClusterConfig',
    'PutSubscriptionFilter',
    'DeleteFlowLogs',
    'StopLogging',
    'DisableRule',
    'ScheduleKeyDeletion',
  ])('carries %s, from one rule', (name) => {
    expect(ruleFor(name)).toHaveLength(1);
    expect(ruleFor(name)[0]).toMatchObject({ State: 'ENABLED', EventPattern: { 'detail-type': ['AWS API Call via CloudTrail'] } });
  });

  it.each([
    'AssumeRoleWithWebIdentity',
    'AssumeRoleForPodIdentity',
    'AccessKubernetesApi',
    'ListClusters',
    'DescribeCluster',
    'ListAccessEntries',
  ])('carries %s, which EventBridge leaves out unless asked', (name) => {
    expect(ruleFor(name).map(({ State }) => State as string)).toEqual(['ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']);
  });

  it('carries calls to Lambda whatever version CloudTrail adds to their names', () => {
    const lambda = rules.find(({ EventPattern }) => EventPattern.source[0] === 'aws.lambda');
    expect(lambda.EventPattern.detail.eventName).toContainEqual({ prefix: 'UpdateFunctionCode' });
  });

  it('carries findings of GuardDuty', () => {
    expect(rules.map(({ EventPattern }) => EventPattern as unknown)).toContainEqual({
      source: ['aws.guardduty'],
      'detail-type': ['GuardDuty Finding'],
    });
  });

  it('never carries one call twice', () => {
    const calls = [...changes, ...reads].flatMap(({ source, names }) => names.map((name) => `${source} ${name}`));
    expect(calls).toHaveLength(new Set(calls).size);
  });
});

describe('a schedule', () => {
  const schedules = synthesis.all('AWS::Scheduler::Schedule').map(({ Properties }) => Properties);
  const of = (name: string) => schedules.find(({ Target }) => Target.Arn['Fn::GetAtt'][0] === synthesis.handler(name).id);

  it('ticks every five minutes, in time that is told and not read', () => {
    expect(of('rollup')).toMatchObject({ ScheduleExpression: 'rate(5 minutes)', State: 'ENABLED' });
    expect(JSON.parse(of('rollup').Target.Input as string)).toEqual({ tick: true, time: '<aws.scheduler.scheduled-time>' });
  });

  it('has a proof of life written at every quarter of an hour', () => {
    expect(of('prove-life')).toMatchObject({ ScheduleExpression: 'cron(0/15 * * * ? *)', ScheduleExpressionTimezone: 'Etc/UTC' });
    expect(JSON.parse(of('prove-life').Target.Input as string)).toEqual({ tick: true, time: '<aws.scheduler.scheduled-time>' });
    expect(JSON.parse(synthesis.handler('prove-life').Properties.Environment.Variables[environment.provedGroups] as string)).toEqual([
      '/aws/eks/production/cluster',
      '/aws/eks/staging/cluster',
    ]);
  });

  it('has coverage checked every five minutes, and says what was deployed', () => {
    const { ScheduleExpression, Target } = of('check-coverage');
    expect(ScheduleExpression).toBe('rate(5 minutes)');
    const [, parts] = Target.Input['Fn::Join'] as [string, (string | Record<string, unknown>)[]];
    const told = JSON.parse(parts.map((part) => (typeof part === 'string' ? part : Object.values(part).flat().join('.'))).join('')) as {
      readonly tick: boolean;
      readonly deployed: Deployed;
    };
    expect(told).toMatchObject({ tick: true, time: '<aws.scheduler.scheduled-time>' });
    const { deployed } = told;
    expect(deployedIn(deployed)).toEqual(deployed);
    const count = (type: string) => synthesis.all(type).length;
    expect(deployed.functions).toHaveLength(count('AWS::Lambda::Function'));
    const codes = synthesis.all('AWS::Lambda::Function').map(({ Properties }) => Properties.Code.S3Key as string);
    expect(new Set(deployed.functions.map(({ code }) => code)).size).toBe(new Set(codes).size);
    expect(deployed.mappings).toHaveLength(count('AWS::Lambda::EventSourceMapping'));
    expect(deployed.rules).toHaveLength(count('AWS::Events::Rule'));
    expect(deployed.rules.filter(({ state }) => state !== 'ENABLED')).toHaveLength(reads.length);
    // The schedule that says so cannot name itself: an alarm tells when it stops.
    expect(deployed.schedules).toHaveLength(count('AWS::Scheduler::Schedule') - 1);
    expect(deployed.tables).toHaveLength(3);
    expect(deployed.topics.map(({ subscriptions }) => subscriptions)).toEqual(
      ['AlertTopic', 'OperationsTopic', 'MailTopic'].map(
        (id) => synthesis.all('AWS::SNS::Subscription').filter(({ Properties }) => Properties.TopicArn.Ref === id).length,
      ),
    );
    expect(deployed.alarms).toBe(count('AWS::CloudWatch::Alarm'));
    expect(deployed.clusters).toEqual(['production', 'staging']);
    expect(deployed.flowLogs.map(({ cluster }) => cluster)).toEqual(['production', 'staging']);
  });

  it('recomputes baselines at night, in the time zone of whoever works there', () => {
    expect(of('recompute-baselines')).toMatchObject({
      ScheduleExpression: 'cron(30 2 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
    });
    const early = new Synthesis(stack({ baselines: { at: '00:05' } }));
    expect(early.all('AWS::Scheduler::Schedule').map(({ Properties }) => Properties.ScheduleExpression as string)).toContain(
      'cron(5 0 * * ? *)',
    );
  });

  it('has shards of the baselines worked on one at a time, by few, and keeps what fails', () => {
    const recompute = synthesis.handler('recompute-baselines');
    const mappings = synthesis.all('AWS::Lambda::EventSourceMapping').map(({ Properties }) => Properties);
    const queue = synthesis.all('AWS::SQS::Queue').find(({ id }) => id.startsWith('PipelineRecomputationQueue'))!;
    expect(mappings.find(({ FunctionName }) => FunctionName.Ref === recompute.id)).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [queue.id, 'Arn'] },
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 5 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(queue.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * (recompute.Properties.Timeout as number));
    expect(queue.Properties.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': ['DataKey', 'Arn'] });
    const deadLetters = synthesis.byId(queue.Properties.RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0] as string);
    expect(deadLetters.Properties.MessageRetentionPeriod).toBe(14 * 86_400);
  });

  it('stands in a group that is known as ours: CDK names it, where CloudFormation names the rest', () => {
    for (const { Properties } of synthesis.all('AWS::Scheduler::ScheduleGroup'))
      expect(Properties.Name).toMatch(new RegExp(`^${stackName}`));
  });

  it('keeps what it could not hand over', () => {
    for (const { Target } of schedules) expect(Target.DeadLetterConfig.Arn['Fn::GetAtt'][0]).toMatch(/^PipelineUndelivered/);
  });

  it('may invoke its functions and write to that queue, and no more', () => {
    const policy = synthesis.all('AWS::IAM::Policy').find(({ id }) => id.startsWith('PipelineSchedulesRole'));
    expect(policy!.Properties.PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: expect.arrayContaining(
          ['rollup', 'recompute-baselines', 'prove-life'].map((name) => ({ 'Fn::GetAtt': [synthesis.handler(name).id, 'Arn'] })),
        ) as unknown,
      },
      expect.objectContaining({ Action: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'] }),
    ]);
  });
});

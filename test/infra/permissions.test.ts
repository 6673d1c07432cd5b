/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- a template is JSON: a test fails where it is not shaped as the test says. */
import { describe, expect, it } from 'vitest';

import { handlerNames, logGroupArn, logStreamArn, type Statement, Synthesis } from './synthesis.ts';

const synthesis = new Synthesis();
const policies = synthesis.all('AWS::IAM::Policy');
const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
const actionsOf = ({ Action }: Statement) => [Action].flat();
/** Reads a setting, and no data. */
const looks = (action: string) =>
  !/^(?:dynamodb:(?!DescribeTable$)|s3|kms|sqs)/.test(action) &&
  /:(?:Describe|List|Get(?!Item|Object|Secret|Parameter|LogEvents|Records))/.test(action);

describe('a role', () => {
  it('has no statement on every resource, but for three calls that list and take none', () => {
    const listing = ['cloudtrail:DescribeTrails', 'ec2:DescribeFlowLogs', 'eks:ListClusters'];
    expect(statements.filter(({ Resource }) => [Resource].flat().includes('*'))).toEqual([
      { Effect: 'Allow', Action: listing, Resource: '*' },
    ]);
    expect(synthesis.statementsOf('check-coverage').flatMap(actionsOf)).toEqual(expect.arrayContaining(listing));
  });

  it('has wildcards in two places only, keys of the failure bucket and streams of one table, besides what only looks', () => {
    const looking = synthesis.statementsOf('check-coverage').filter((each) => actionsOf(each).every(looks));
    const wild = statements
      .filter((each) => !looking.some((one) => JSON.stringify(one) === JSON.stringify(each)))
      .filter(({ Resource }) => JSON.stringify(Resource).includes('*'));
    expect(new Set(wild.map((statement) => `${actionsOf(statement).join()} ${JSON.stringify(statement.Resource)}`))).toEqual(
      new Set([
        's3:PutObject {"Fn::Join":["",[{"Fn::GetAtt":["FailureBucket","Arn"]},"/*"]]}',
        'dynamodb:ListStreams {"Fn::Join":["",[{"Fn::GetAtt":["FindingsTable","Arn"]},"/stream/*"]]}',
      ]),
    );
  });

  it('names every action', () => {
    expect(statements.flatMap(actionsOf).filter((action) => action.includes('*'))).toEqual([]);
  });

  it('has no managed policy', () => {
    for (const { Properties } of synthesis.all('AWS::IAM::Role')) expect(Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('may use the key only through a service', () => {
    for (const statement of statements.filter((each) => actionsOf(each).some((action) => action.startsWith('kms:'))))
      expect(Object.keys(statement.Condition?.['StringEquals'] ?? {})).toEqual(['kms:ViaService']);
  });

  it('is assumed by one service, and by the schedules and flow logs of this account only', () => {
    const trusts = synthesis.all('AWS::IAM::Role').map(({ Properties }) => Properties.AssumeRolePolicyDocument.Statement[0]);
    const others = trusts.filter(({ Principal }) => Principal.Service !== 'lambda.amazonaws.com');
    expect(others.map(({ Principal }) => Principal.Service as string).toSorted()).toEqual([
      'scheduler.amazonaws.com',
      'vpc-flow-logs.amazonaws.com',
    ]);
    for (const { Condition } of others) expect(Condition.StringEquals['aws:SourceAccount']).toEqual({ Ref: 'AWS::AccountId' });
  });
});

describe('a function', () => {
  const dynamoDb = (operations: string[]) => operations.map((operation) => `dynamodb:${operation}`).toSorted();
  const state = ['BatchGetItem', 'BatchWriteItem', 'GetItem', 'Query', 'UpdateItem'];
  const stream = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

  // What `shared/adapters` calls, and no more.
  it.each([
    ['analyse-audit', state, ['PutItem'], ['Query']],
    ['analyse-flow', state, ['PutItem'], ['Query']],
    ['analyse-api', state, ['PutItem'], ['Query']],
    ['rollup', state, ['PutItem'], []],
    ['check-coverage', state, ['PutItem'], []],
    ['recompute-baselines', [...state, 'Scan'], ['GetItem', 'PutItem'], ['Query']],
    ['triage', ['BatchGetItem', 'GetItem', 'UpdateItem'], ['GetItem', 'PutItem', ...stream], ['Query']],
    // When what was not seen.
    ['notify', ['Query'], ['GetItem', 'PutItem', ...stream], []],
    ['prove-life', [], [], []],
    ['deliver-slack', [], [], []],
    ['deliver-mail', [], [], []],
  ])('%s may do to state, findings and settings what it does', (name, onState, onFindings, onSettings) => {
    expect(synthesis.actionsOn(name, 'StateTable')).toEqual(dynamoDb(onState));
    expect(synthesis.actionsOn(name, 'FindingsTable')).toEqual(dynamoDb(onFindings));
    expect(synthesis.actionsOn(name, 'SettingsTable')).toEqual(dynamoDb(onSettings));
  });

  it('reads of what people decided only its part', () => {
    const partitions = (name: string) =>
      synthesis
        .statementsOf(name)
        .filter(({ Resource }) => JSON.stringify(Resource).includes('SettingsTable'))
        .map(({ Condition }) => Condition?.['ForAllValues:StringEquals']?.['dynamodb:LeadingKeys']);
    for (const name of ['analyse-audit', 'analyse-flow', 'analyse-api']) expect(partitions(name)).toEqual([['limits']]);
    expect(partitions('triage')).toEqual([['suppressions']]);
    expect(partitions('recompute-baselines')).toEqual([['suppressions', 'limits']]);
  });

  it('deletes nothing', () => {
    expect(statements.flatMap(actionsOf).filter((action) => action.includes(':Delete'))).toEqual([
      'sqs:DeleteMessage',
      'sqs:DeleteMessage',
      'sqs:DeleteMessage',
    ]);
  });

  it('reads a queue of its own, and recomputation alone writes to one', () => {
    const onQueues = (name: string) =>
      synthesis
        .statementsOf(name)
        .filter((statement) => actionsOf(statement).some((action) => action.startsWith('sqs:')))
        .map((statement) => [actionsOf(statement).toSorted(), statement.Resource]);
    const reading = ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
    const arn = (begin: string) => ({ 'Fn::GetAtt': [synthesis.all('AWS::SQS::Queue').find(({ id }) => id.startsWith(begin))!.id, 'Arn'] });
    expect(onQueues('deliver-slack')).toEqual([[reading, arn('PipelineChannelsslackQueue')]]);
    expect(onQueues('deliver-mail')).toEqual([[reading, arn('PipelineChannelsmailQueue')]]);
    expect(onQueues('recompute-baselines')).toEqual([[[...reading, 'sqs:SendMessage'], arn('PipelineRecomputationQueue')]]);
    for (const name of handlerNames.filter((each) => !each.startsWith('deliver-') && each !== 'recompute-baselines'))
      expect(onQueues(name)).toEqual([]);
  });

  it('check-coverage looks at settings, of the stack by its name, and changes none', () => {
    const looking = synthesis.statementsOf('check-coverage').filter((each) => actionsOf(each).every(looks));
    expect(looking.flatMap(actionsOf).toSorted()).toEqual([
      'cloudtrail:DescribeTrails',
      'cloudtrail:GetEventSelectors',
      'cloudtrail:GetTrailStatus',
      'cloudwatch:DescribeAlarms',
      'dynamodb:DescribeTable',
      'ec2:DescribeFlowLogs',
      'eks:DescribeCluster',
      'eks:ListClusters',
      'events:DescribeRule',
      'events:ListTargetsByRule',
      'lambda:GetEventSourceMapping',
      'lambda:GetFunctionConcurrency',
      'lambda:GetFunctionConfiguration',
      'lambda:GetPolicy',
      'logs:DescribeLogGroups',
      'logs:DescribeSubscriptionFilters',
      'scheduler:GetSchedule',
      'sns:ListSubscriptionsByTopic',
    ]);
    const ownOnly = looking.filter((each) => /^(?:dynamodb|events|scheduler|sns|lambda:GetF)/.test(actionsOf(each)[0] ?? ''));
    for (const { Resource } of ownOnly) expect(JSON.stringify(Resource)).toMatch(/Plimsoll(?:-\*|\*)"/);
  });

  it('notify alone publishes alerts', () => {
    expect(synthesis.actionsOn('notify', 'AlertTopic')).toEqual(['sns:Publish']);
    expect(synthesis.actionsOn('notify', 'OperationsTopic')).toEqual([]);
    for (const name of handlerNames.filter((each) => each !== 'notify')) expect(synthesis.actionsOn(name, 'AlertTopic')).toEqual([]);
  });

  it('the channel alone reads its secret, and no other', () => {
    const reading = statements.filter((statement) => actionsOf(statement).some((action) => action.startsWith('secretsmanager:')));
    expect(reading).toEqual([
      {
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:plimsoll/slack-AbCdEf',
      },
    ]);
    expect(synthesis.statementsOf('deliver-slack')).toContainEqual(reading[0]);
  });

  it.each(handlerNames)('%s writes to its own log group and to no other, but for the streams of proofs of life', (name) => {
    const logs = synthesis
      .statementsOf(name)
      .filter((statement) => actionsOf(statement).some((action) => action.startsWith('logs:') && !looks(action)));
    const group = synthesis.handler(name).Properties.LoggingConfig.LogGroup.Ref as string;
    const own = { 'Fn::GetAtt': [group, 'Arn'] };
    const streams = ['production', 'staging'].map((cluster) => logStreamArn(`/aws/eks/${cluster}/cluster`, 'plimsoll-proof-of-life'));
    expect(logs).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: name === 'prove-life' ? [own, ...streams] : own,
      },
    ]);
  });

  it('may be invoked only by the rules that target it and the log groups of this account that it is subscribed to', () => {
    const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
    const rules = synthesis
      .all('AWS::Events::Rule')
      .flatMap(({ id, Properties }) =>
        (Properties.Targets as { Arn: unknown }[]).map(({ Arn }) => ['events.amazonaws.com', Arn, arnOf(id)]),
      );
    const subscriptions = synthesis.all('AWS::Logs::SubscriptionFilter').map(({ Properties }) => {
      const group = Properties.LogGroupName as string | { Ref: string };
      return ['logs.amazonaws.com', Properties.DestinationArn, typeof group === 'string' ? logGroupArn(group) : arnOf(group.Ref)];
    });
    for (const { Properties } of synthesis.all('AWS::Lambda::Permission'))
      expect([...rules, ...subscriptions]).toContainEqual([Properties.Principal, Properties.FunctionName, Properties.SourceArn]);
  });
});

describe('a policy of a queue', () => {
  it('is as short as SQS wants it: twenty statements at most', () => {
    for (const { Properties } of synthesis.all('AWS::SQS::QueuePolicy'))
      expect(Properties.PolicyDocument.Statement.length).toBeLessThanOrEqual(20);
  });

  it('refuses what does not come over TLS', () => {
    for (const { Properties } of synthesis.all('AWS::SQS::QueuePolicy'))
      expect(Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
  });
});

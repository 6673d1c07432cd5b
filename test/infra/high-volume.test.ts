/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- a template is JSON: a test fails where it is not shaped as the test says. */
import { describe, expect, it } from 'vitest';
import { stack, type Statement, Synthesis } from './synthesis.ts';

const usual = new Synthesis();
const high = new Synthesis(stack({ highVolume: true }));
const streams = high.all('AWS::Kinesis::Stream');
const filters = high.all('AWS::Logs::SubscriptionFilter').map(({ Properties }) => Properties);
const mappingOf = (name: string) =>
  high
    .all('AWS::Lambda::EventSourceMapping')
    .map(({ Properties }) => Properties)
    .find(({ FunctionName }) => FunctionName.Ref === high.handler(name).id);

it('there is no data stream unless the configuration asks for one', () => {
  expect(() => usual.all('AWS::Kinesis::Stream')).toThrow('has no AWS::Kinesis::Stream');
});

describe('at high volume', () => {
  it('one data stream stands before each function that reads logs, encrypted with our key, for a day', () => {
    expect(streams.map(({ Properties }) => Properties)).toEqual(
      [1, 2].map(
        () =>
          expect.objectContaining({
            StreamModeDetails: { StreamMode: 'ON_DEMAND' },
            StreamEncryption: { EncryptionType: 'KMS', KeyId: { 'Fn::GetAtt': ['DataKey', 'Arn'] } },
            RetentionPeriodHours: 24,
          }) as unknown,
      ),
    );
  });

  it('every subscription filter delivers into the stream of its kind, spread over its shards', () => {
    const arns = streams.map(({ id }) => ({ 'Fn::GetAtt': [id, 'Arn'] }));
    expect(filters).not.toEqual([]);
    for (const filter of filters) {
      const isAudit = String(filter.LogGroupName).startsWith('/aws/eks/');
      expect(filter.DestinationArn).toEqual(arns[isAudit ? 0 : 1]);
      expect(filter.Distribution).toBe('Random');
    }
  });

  it('the coverage check holds filters against the streams, and knows with which role to put one again', () => {
    const told = high
      .all('AWS::Scheduler::Schedule')
      .find(({ Properties }) => JSON.stringify(Properties.Target.Input).includes('deployed'));
    const input = JSON.stringify(told?.Properties.Target.Input).replaceAll('\\"', '"');
    for (const [name, position] of [['audit', 0] as const, ['flow', 1] as const]) {
      expect(input).toContain(`"${name}":"",{"Fn::GetAtt":["${streams[position]?.id ?? ''}","Arn"]}`);
      expect(input).toMatch(new RegExp(`"${name}Role":"",\\{"Fn::GetAtt":\\["Pipeline(?:Audit|Flow)RelayWriter`));
    }
  });

  it('the same filters as without', () => {
    const patterns = (of: Synthesis) =>
      of
        .all('AWS::Logs::SubscriptionFilter')
        .map(({ Properties }) => `${String(Properties.FilterName)} ${String(Properties.FilterPattern)}`);
    expect(patterns(high)).toEqual(patterns(usual));
  });

  it('no log group may invoke a function, and CloudWatch Logs may put records as one role of this account', () => {
    const permissions = high.all('AWS::Lambda::Permission').map(({ Properties }) => Properties.Principal as string);
    expect(permissions).not.toContain('logs.amazonaws.com');
    for (const { RoleArn } of filters) {
      const role = high.byId(RoleArn['Fn::GetAtt'][0] as string);
      const [trust] = role.Properties.AssumeRolePolicyDocument.Statement as Statement[];
      expect(trust?.Principal).toEqual({ Service: 'logs.amazonaws.com' });
      expect(JSON.stringify(trust?.Condition)).toContain('AWS::AccountId');
      const statements = high
        .all('AWS::IAM::Policy')
        .filter(({ Properties }) => Properties.Roles[0].Ref === role.id)
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
      expect(statements.map(({ Action }) => Action)).toEqual(['kinesis:PutRecord', ['kms:Decrypt', 'kms:GenerateDataKey']]);
    }
  });

  it.each(['analyse-audit', 'analyse-flow'])('%s reads its stream so that one poison record neither blocks nor is lost', (name) => {
    expect(mappingOf(name)).toMatchObject({
      BatchSize: 10,
      ParallelizationFactor: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 82_800,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['FailureBucket', 'Arn'] } } },
    });
  });

  it('an alarm tells when a function is behind its stream, or gave up on records of it', () => {
    const alarms = high.all('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties.AlarmDescription as string);
    for (const name of ['analyse-audit', 'analyse-flow']) {
      expect(alarms).toContainEqual(expect.stringContaining(`${name} is behind its data stream`));
      expect(alarms).toContainEqual(expect.stringContaining(`${name} gave up on records of its data stream`));
    }
  });
});

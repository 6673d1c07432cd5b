/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- a template is JSON: a test fails where it is not shaped as the test says. */
import { describe, expect, it } from 'vitest';

import { itemKind, messageAttributes, orderAttribute } from '../../shared/contract.ts';
import { stack, type Statement, Synthesis } from './synthesis.ts';

const synthesis = new Synthesis();
const mappings = synthesis.all('AWS::Lambda::EventSourceMapping').map(({ Properties }) => Properties);
const mappingOf = (name: string) => mappings.find(({ FunctionName }) => FunctionName.Ref === synthesis.handler(name).id);

describe('the findings table', () => {
  it.each([
    ['triage', 'a new finding', { eventName: ['INSERT'], dynamodb: { NewImage: { [itemKind.attribute]: { S: [itemKind.finding] } } } }],
    [
      'notify',
      'an alert with an order that waits',
      {
        eventName: ['INSERT', 'MODIFY'],
        dynamodb: { NewImage: { [itemKind.attribute]: { S: [itemKind.alert] }, [orderAttribute]: { N: [{ exists: true }] } } },
      },
    ],
  ])('wakes %s on %s only', (name, _, pattern) => {
    const patterns = (mappingOf(name).FilterCriteria.Filters as { Pattern: string }[]).map(({ Pattern }) => JSON.parse(Pattern) as unknown);
    expect(patterns).toEqual([pattern]);
  });

  it.each(['triage', 'notify'])('is read by %s so that one poison record neither blocks nor is lost', (name) => {
    expect(mappingOf(name)).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': ['FindingsTable', 'StreamArn'] },
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['FailureBucket', 'Arn'] } } },
    });
  });
});

describe('a topic', () => {
  it('is encrypted with our key', () => {
    for (const { Properties } of synthesis.all('AWS::SNS::Topic'))
      expect(Properties.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': ['DataKey', 'Arn'] });
  });

  it('refuses what does not come over TLS, and takes alarms of this account', () => {
    for (const { Properties } of synthesis.all('AWS::SNS::TopicPolicy')) {
      const statements = Properties.PolicyDocument.Statement as Statement[];
      expect(statements).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
      const alarms = statements.filter(({ Effect }) => Effect === 'Allow');
      expect(alarms).toHaveLength(1);
      expect(alarms[0]).toMatchObject({
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      });
    }
  });

  it('mails to whom the configuration names', () => {
    const mails = synthesis.all('AWS::SNS::Subscription').filter(({ Properties }) => Properties.Protocol === 'email');
    expect(mails.map(({ Properties }) => [Properties.TopicArn.Ref, Properties.Endpoint] as unknown)).toEqual([
      ['AlertTopic', 'security@example.com'],
      ['OperationsTopic', 'platform@example.com'],
    ]);
  });
});

describe('Slack', () => {
  const queues = synthesis.all('AWS::SQS::Queue');
  const queue = queues.find(({ id }) => id.startsWith('PipelineSlackQueue'))!;

  it('hears alerts, raw, and no alarms', () => {
    const subscription = synthesis.all('AWS::SNS::Subscription').find(({ Properties }) => Properties.Protocol === 'sqs')!;
    expect(subscription.Properties).toMatchObject({
      TopicArn: { Ref: 'AlertTopic' },
      Endpoint: { 'Fn::GetAtt': [queue.id, 'Arn'] },
      RawMessageDelivery: true,
      FilterPolicy: { [messageAttributes.severity]: [{ exists: true }] },
    });
  });

  it('is written to one batch at a time, as fast as a webhook takes it', () => {
    expect(mappingOf('slack')).toMatchObject({
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('is tried ten times, each time long enough for Lambda, and what fails then is kept', () => {
    expect(queue.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * (synthesis.handler('slack').Properties.Timeout as number));
    expect(queue.Properties.RedrivePolicy.maxReceiveCount).toBe(10);
    const deadLetters = synthesis.byId(queue.Properties.RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0] as string);
    expect(deadLetters.Properties.MessageRetentionPeriod).toBe(14 * 86_400);
  });

  it('is left out where no webhook is configured', () => {
    const silent = new Synthesis(stack({ alerts: { emails: ['security@example.com'] } }));
    expect(() => silent.handler('slack')).toThrow('no function slack');
    expect(silent.all('AWS::SQS::Queue').filter(({ id }) => id.includes('Slack'))).toEqual([]);
  });

  it('has its secret from Secrets Manager: no URL is in the template', () => {
    expect(JSON.stringify(synthesis.template.toJSON())).not.toMatch(/hooks\.slack/);
  });
});

/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- a template is JSON: a test fails where it is not shaped as the test says. */
import { describe, expect, it } from 'vitest';

import { itemKind, orderAttribute } from '../../shared/contract.ts';
import { type Statement, Synthesis } from './synthesis.ts';

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
      ['OperationsTopic', 'platform@example.com'],
      ['MailTopic', 'security@example.com'],
    ]);
  });
});

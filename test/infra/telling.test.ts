/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- a template is JSON: a test fails where it is not shaped as the test says. */
import { describe, expect, it } from 'vitest';

import type { AlertChannel } from '../../infra/channel-settings.ts';
import { itemKind, orderAttribute } from '../../shared/contract/tables.ts';
import { stack, type Statement, Synthesis } from './synthesis.ts';

const synthesis = new Synthesis();
const mappings = synthesis.all('AWS::Lambda::EventSourceMapping').map(({ Properties }) => Properties);
const mappingOf = (name: string) => mappings.find(({ FunctionName }) => FunctionName.Ref === synthesis.handler(name).id);

describe('the findings table', () => {
  it.each([
    [
      'triage',
      'a new finding or proof of life',
      { eventName: ['INSERT'], dynamodb: { NewImage: { [itemKind.attribute]: { S: [itemKind.finding, itemKind.proof] } } } },
    ],
    [
      'notify',
      'an alert with an order that waits',
      {
        eventName: ['INSERT', 'MODIFY'],
        dynamodb: {
          NewImage: { [itemKind.attribute]: { S: [itemKind.alert, itemKind.provenAlert] }, [orderAttribute]: { N: [{ exists: true }] } },
        },
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

describe('a proof of life', () => {
  it('is handed to no subscriber of alerts: each wants an attribute, and it has none', () => {
    // Source: SNS developer guide, "Filter policies": a message must meet every key, and one that is absent meets `exists: false` alone.
    const meetsNothing = (conditions: readonly unknown[]) => conditions.some((each) => JSON.stringify(each) === '{"exists":false}');
    const tactic = { kind: 'sqs', queueArn: 'arn:aws:sqs:eu-central-1:111122223333:siem' } as const;
    const channels: readonly AlertChannel[] = [
      { ...tactic, name: 'all' },
      { ...tactic, name: 'grave', severity: 'high' },
      { ...tactic, name: 'impact', tactics: ['impact'], clusters: ['prod*'] },
      { kind: 'email', name: 'mail', address: 'security@example.com' },
    ];
    const subscriptions = [synthesis, new Synthesis(stack({ alerts: { channels } }))]
      .flatMap((each) => each.all('AWS::SNS::Subscription'))
      .filter(({ Properties }) => Properties.TopicArn.Ref === 'AlertTopic')
      .map(({ Properties }) => Object.values((Properties.FilterPolicy ?? {}) as Record<string, readonly unknown[]>));
    expect(subscriptions).toHaveLength(6);
    for (const policy of subscriptions) expect(policy.every(meetsNothing)).toBe(false);
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

/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- a template is JSON: a test fails where it is not shaped as the test says. */
import { AwsSolutionsChecks } from 'cdk-nag';
import { Validations } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';

import type { AlertChannel } from '../../infra/channel-settings.ts';
import { messageAttributes } from '../../shared/contract/channels.ts';
import { environment } from '../../shared/contract/environment.ts';
import { app, stack, type Statement, Synthesis } from './synthesis.ts';

const secret = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:plimsoll/${name}-AbCdEf`;
const queueArn = 'arn:aws:sqs:eu-central-1:111122223333:siem';
const channels: readonly AlertChannel[] = [
  { kind: 'slack-webhook', name: 'slack', secretArn: secret('slack') },
  {
    kind: 'slack-bot',
    name: 'incidents',
    secretArn: secret('bot'),
    channel: 'C0123456789',
    severity: 'high',
    clusters: ['prod*', '*-eu', 'a*b', 'staging'],
  },
  { kind: 'email', name: 'security', address: 'security@example.com' },
  { kind: 'email', name: 'on-call', address: 'on-call@example.com', severity: 'critical', clusters: ['production'] },
  { kind: 'pagerduty', name: 'pager', secretArn: secret('pager'), severity: 'critical', tactics: ['impact'] },
  { kind: 'pagerduty', name: 'pager-eu', secretArn: secret('pager-eu'), serviceRegion: 'eu' },
  { kind: 'amazon-q', name: 'chat' },
  { kind: 'security-hub', name: 'hub' },
  { kind: 'sqs', name: 'siem', queueArn },
];
const clusters = [{ name: 'production' }, { name: 'staging' }, { name: 'shop-eu' }, { name: 'axb' }];
const change = { clusters, alerts: { channels } };
const synthesis = new Synthesis(stack(change));
const delivered = ['slack', 'incidents', 'pager', 'pager-eu', 'chat', 'hub', 'siem', 'mail'];
const actionsOf = ({ Action }: Statement) => [Action].flat();
const mappingOf = (name: string) =>
  synthesis
    .all('AWS::Lambda::EventSourceMapping')
    .map(({ Properties }) => Properties)
    .find(({ FunctionName }) => FunctionName.Ref === synthesis.handler(`deliver-${name}`).id);
const queueOf = (name: string) => synthesis.byId(mappingOf(name).EventSourceArn['Fn::GetAtt'][0] as string);
const subscriptionOf = (name: string) => {
  const { id } = queueOf(name);
  return synthesis.all('AWS::SNS::Subscription').find(({ Properties }) => JSON.stringify(Properties.Endpoint).includes(`"${id}"`))!
    .Properties;
};
const settingsOf = (name: string) =>
  JSON.parse(synthesis.handler(`deliver-${name}`).Properties.Environment.Variables[environment.channel] as string) as Record<
    string,
    unknown
  >;

describe('every channel', () => {
  it.each(delivered)('%s has a queue, dead letters, a subscription and a function of its own', (name) => {
    const queue = queueOf(name);
    expect(subscriptionOf(name)).toMatchObject({ TopicArn: { Ref: 'AlertTopic' }, Protocol: 'sqs', RawMessageDelivery: true });
    expect(mappingOf(name)).toMatchObject({ ScalingConfig: { MaximumConcurrency: 2 }, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(queue.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(
      6 * (synthesis.handler(`deliver-${name}`).Properties.Timeout as number),
    );
    expect(queue.Properties.RedrivePolicy.maxReceiveCount).toBe(10);
    const deadLetters = synthesis.byId(queue.Properties.RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0] as string);
    expect(deadLetters.Properties.MessageRetentionPeriod).toBe(14 * 86_400);
  });

  it('shares none of them', () => {
    const own = delivered.map((name) => [
      queueOf(name).id,
      queueOf(name).Properties.RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0] as string,
    ]);
    expect(new Set(own.flat()).size).toBe(2 * delivered.length);
  });

  it('is the same code with other settings', () => {
    expect(delivered.map((name) => settingsOf(name)['kind'])).toEqual([
      'slack-webhook',
      'slack-bot',
      'pagerduty',
      'pagerduty',
      'amazon-q',
      'security-hub',
      'sqs',
      'email',
    ]);
    expect(settingsOf('incidents')).toEqual({
      kind: 'slack-bot',
      name: 'incidents',
      severity: 'high',
      clusters: ['prod*', '*-eu', 'a*b', 'staging'],
      channel: 'C0123456789',
    });
    expect(settingsOf('pager-eu')['endpoint']).toBe('https://events.eu.pagerduty.com');
  });

  it('has an alarm on its dead letters and on its function', () => {
    const texts = synthesis.all('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties.AlarmDescription as string);
    for (const name of delivered) {
      expect(texts).toContain(`Alerts could not be delivered to the channel ${name}. docs/runbooks/channel-dead-letters.md`);
      expect(texts.filter((text) => text.startsWith(`deliver-${name} failed.`))).toHaveLength(1);
    }
  });

  it('has its secret from Secrets Manager: none is in the template', () => {
    expect(JSON.stringify(synthesis.template.toJSON())).not.toMatch(/hooks\.slack|xoxb/);
  });
});

describe('a filter', () => {
  it('lets alerts through, and no alarms, where there is none', () => {
    expect(subscriptionOf('slack').FilterPolicy).toEqual({ [messageAttributes.severity]: [{ exists: true }] });
  });

  it('is in the words of SNS, and what an alert does not say keeps it from nobody', () => {
    expect(subscriptionOf('incidents').FilterPolicy).toEqual({
      [messageAttributes.severity]: ['high', 'critical'],
      [messageAttributes.cluster]: [{ prefix: 'prod' }, { suffix: '-eu' }, { wildcard: 'a*b' }, 'staging', 'unknown'],
    });
    expect(subscriptionOf('pager').FilterPolicy).toEqual({
      [messageAttributes.severity]: ['critical'],
      [messageAttributes.tactic]: ['impact', 'unknown'],
    });
  });

  it('of mail lets alarms through, which have no attributes', () => {
    const mails = synthesis.all('AWS::SNS::Subscription').filter(({ Properties }) => Properties.TopicArn.Ref === 'MailTopic');
    expect(mails.map(({ Properties }) => [Properties.Endpoint, Properties.FilterPolicy] as unknown)).toEqual([
      ['security@example.com', undefined],
      [
        'on-call@example.com',
        {
          [messageAttributes.severity]: ['critical', { exists: false }],
          [messageAttributes.cluster]: ['production', 'unknown', { exists: false }],
        },
      ],
    ]);
  });
});

describe('a channel may', () => {
  const others = ['kms:Decrypt', 'logs:CreateLogStream', 'logs:PutLogEvents'];
  const reading = ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
  const sending = ['kms:GenerateDataKey'];
  const keyed = [
    ...sending,
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ];

  it.each([
    ['slack', ['secretsmanager:GetSecretValue']],
    ['incidents', ['secretsmanager:GetSecretValue', 'dynamodb:GetItem', 'dynamodb:PutItem', ...keyed]],
    ['pager', ['secretsmanager:GetSecretValue']],
    ['chat', ['sns:Publish', ...sending]],
    ['mail', ['sns:Publish', ...sending]],
    ['hub', ['securityhub:BatchImportFindings']],
    ['siem', ['sqs:SendMessage']],
  ])('%s do what it does and no more', (name, own) => {
    const actions = new Set(synthesis.statementsOf(`deliver-${name}`).flatMap(actionsOf));
    expect([...actions].toSorted()).toEqual([...others, ...reading, ...own].toSorted());
  });

  it('reach its own secret, product, queue or topic, by name', () => {
    const on = (name: string, action: string) =>
      synthesis.statementsOf(`deliver-${name}`).find((statement) => actionsOf(statement).includes(action))?.Resource;
    expect(on('slack', 'secretsmanager:GetSecretValue')).toBe(secret('slack'));
    expect(on('pager-eu', 'secretsmanager:GetSecretValue')).toBe(secret('pager-eu'));
    expect(on('siem', 'sqs:SendMessage')).toBe(queueArn);
    expect(on('mail', 'sns:Publish')).toEqual({ Ref: 'MailTopic' });
    expect(JSON.stringify(on('hub', 'securityhub:BatchImportFindings'))).toMatch(/:securityhub:.*:product\/.*\/default/);
    expect(JSON.stringify(on('chat', 'sns:Publish'))).toContain('PipelineChannelschatTopic');
  });

  it('reach of the findings table only what it keeps there itself', () => {
    const [onTable] = synthesis.statementsOf('deliver-incidents').filter((statement) => actionsOf(statement).includes('dynamodb:PutItem'));
    expect(onTable?.Condition).toEqual({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['post#*'] } });
  });
});

it('Amazon Q has a topic of its own, which is named in the outputs', () => {
  const outputs = Object.values(synthesis.template.findOutputs('*')) as { Value: { Ref?: string } }[];
  expect(outputs.some(({ Value }) => Value.Ref?.startsWith('PipelineChannelschatTopic'))).toBe(true);
});

it('without mail there is neither a topic for it nor a function', () => {
  const silent = new Synthesis(stack({ alerts: { channels: [{ kind: 'security-hub', name: 'hub' }] } }));
  expect(() => silent.handler('deliver-mail')).toThrow('no function deliver-mail');
  expect(() => silent.byId('MailTopic')).toThrow('no resource');
});

it('the AwsSolutions checks have nothing to object to', () => {
  const root = app();
  stack(change, root);
  Validations.of(root).addPlugins(new AwsSolutionsChecks(root));
  expect(() => root.synth()).not.toThrow();
});

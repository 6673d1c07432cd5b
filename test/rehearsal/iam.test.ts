import { describe, expect, it } from 'vitest';
import { decide, statementsFor, statementsOf } from './iam.ts';

const document = (...Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement });
const request = (action: string, resource: string, context: Record<string, string | readonly string[]> = {}) => ({
  action,
  resource,
  context,
});
const allowed = (policy: unknown, asked: ReturnType<typeof request>) => decide(statementsOf(policy, 'test'), asked).allowed;
const table = 'arn:aws:dynamodb:eu-central-1:111122223333:table/State';

describe('a request', () => {
  it('is refused unless a statement allows its action on its resource', () => {
    const policy = document({ Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: table });
    expect(allowed(policy, request('dynamodb:GetItem', table))).toBe(true);
    expect(allowed(policy, request('dynamodb:PutItem', table))).toBe(false);
    expect(allowed(policy, request('dynamodb:GetItem', `${table}s`))).toBe(false);
    expect(allowed(document(), request('dynamodb:GetItem', table))).toBe(false);
  });

  it('is refused by a denial, whatever allows it', () => {
    const policy = document({ Effect: 'Allow', Action: '*', Resource: '*' }, { Effect: 'Deny', Action: 'dynamodb:Delete*', Resource: '*' });
    expect(allowed(policy, request('dynamodb:DeleteItem', table))).toBe(false);
    expect(allowed(policy, request('dynamodb:GetItem', table))).toBe(true);
  });

  it('meets wildcards, without regard to the case of actions and with regard to that of resources', () => {
    const policy = document({ Effect: 'Allow', Action: 'DynamoDB:get?tem', Resource: 'arn:aws:dynamodb:*:*:table/S*' });
    expect(allowed(policy, request('dynamodb:GetItem', table))).toBe(true);
    expect(allowed(policy, request('dynamodb:GetItem', table.replace('State', 'state')))).toBe(false);
  });

  it('meets no condition whose key it does not have', () => {
    const policy = document({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { StringEquals: { 'kms:ViaService': ['dynamodb.eu-central-1.amazonaws.com'] } },
    });
    expect(allowed(policy, request('kms:Decrypt', 'key', { 'kms:viaservice': 'dynamodb.eu-central-1.amazonaws.com' }))).toBe(true);
    expect(allowed(policy, request('kms:Decrypt', 'key', { 'kms:viaservice': 'sns.eu-central-1.amazonaws.com' }))).toBe(false);
    expect(allowed(policy, request('kms:Decrypt', 'key'))).toBe(false);
  });

  it('meets a condition on all values with each of those it has, or with none', () => {
    const condition = (value: string) => ({ 'dynamodb:LeadingKeys': [value] });
    const policy = (Condition: unknown) => document({ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: table, Condition });
    const exact = policy({ 'ForAllValues:StringEquals': condition('limits') });
    const wild = policy({ 'ForAllValues:StringLike': condition('post#*') });
    const on = (...keys: readonly string[]) => request('dynamodb:GetItem', table, { 'dynamodb:leadingkeys': keys });
    expect([on('limits'), on('limits', 'other'), on('other'), on()].map((each) => allowed(exact, each))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect([on('post#1'), on('post#1', 'alert#1')].map((each) => allowed(wild, each))).toEqual([true, false]);
    expect(allowed(exact, request('dynamodb:GetItem', table))).toBe(true);
    expect(allowed(policy({ StringEquals: condition('limits') }), on('limits'))).toBe(false);
  });

  it('meets wildcards of an ARN within its parts only', () => {
    const policy = document({
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: '*',
      Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:logs:*:111122223333:log-group:/aws/eks/*' } },
    });
    const from = (source: string) => request('lambda:InvokeFunction', 'function', { 'aws:sourcearn': source });
    expect(allowed(policy, from('arn:aws:logs:eu-central-1:111122223333:log-group:/aws/eks/production/cluster:*'))).toBe(true);
    expect(allowed(policy, from('arn:aws:logs:eu-central-1:444455556666:log-group:/aws/eks/production/cluster:*'))).toBe(false);
    expect(allowed(policy, from('arn:aws:logs:eu-central-1:x:111122223333:log-group:/aws/eks/'))).toBe(false);
  });
});

it('a condition on all values of a key holds for each of them, and for none', () => {
  const policy = document({
    Effect: 'Allow',
    Action: 'dynamodb:Query',
    Resource: table,
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['post#*'] } },
  });
  const query = (...leading: readonly string[]) =>
    decide(statementsOf(policy, 'test'), { ...request('dynamodb:Query', table), context: { 'dynamodb:leadingkeys': leading } }).allowed;
  expect(query('post#1', 'post#2')).toBe(true);
  expect(query('post#1', 'alert#2')).toBe(false);
  expect(query()).toBe(true);
});

it('the policy of a resource speaks of those it names', () => {
  const queue = 'arn:aws:sqs:eu-central-1:111122223333:letters';
  const statements = statementsOf(
    document({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue, Principal: { Service: 'sns.amazonaws.com' } }),
    'test',
  );
  const send = request('sqs:SendMessage', queue);
  expect(decide(statementsFor(statements, 'Service', 'sns.amazonaws.com'), send).allowed).toBe(true);
  expect(decide(statementsFor(statements, 'Service', 'events.amazonaws.com'), send).allowed).toBe(false);
});

it.each([
  ['NotAction', { Effect: 'Allow', NotAction: 's3:*', Resource: '*' }],
  ['an operator', { Effect: 'Allow', Action: '*', Resource: '*', Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': '60' } } }],
  ['an effect', { Effect: 'Perhaps', Action: '*', Resource: '*' }],
])('%s that is not understood is no guess', (_, statement) => {
  expect(() => statementsOf(document(statement), 'test')).toThrow();
});

/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment -- a template is JSON: a test fails where it is not shaped as the test says. */
import { describe, expect, it } from 'vitest';

import { keys } from '../../shared/contract/tables.ts';
import { stack, type Statement, Synthesis } from './synthesis.ts';

const synthesis = new Synthesis();
const key = { 'Fn::GetAtt': ['DataKey', 'Arn'] };

describe('a table', () => {
  const tables = synthesis.all('AWS::DynamoDB::Table');

  it('has the keys that the functions write', () => {
    for (const { Properties } of tables) {
      expect(Properties.KeySchema).toEqual([
        { AttributeName: keys.partition, KeyType: 'HASH' },
        { AttributeName: keys.sort, KeyType: 'RANGE' },
      ]);
      expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: keys.expires, Enabled: true });
      expect(Properties.BillingMode).toBe('PAY_PER_REQUEST');
    }
  });

  it('is encrypted with our key, can be restored to a point in time, and cannot be deleted by accident', () => {
    for (const { Properties, DeletionPolicy } of tables) {
      expect(Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key });
      expect(Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
      expect(Properties.DeletionProtectionEnabled).toBe(true);
      expect(DeletionPolicy).toBe('Retain');
    }
  });

  it('goes with the stack where the user asks for that', () => {
    const disposable = new Synthesis(stack({ removal: 'destroy' }));
    for (const { Properties, DeletionPolicy } of disposable.all('AWS::DynamoDB::Table')) {
      expect(Properties.DeletionProtectionEnabled).toBe(false);
      expect(DeletionPolicy).toBe('Delete');
    }
  });

  it('of findings has a stream with both images, and no other has one', () => {
    expect(tables.filter(({ Properties }) => Properties.StreamSpecification).map(({ id }) => id)).toEqual(['FindingsTable']);
    expect(synthesis.byId('FindingsTable').Properties.StreamSpecification.StreamViewType).toBe('NEW_AND_OLD_IMAGES');
  });
});

describe('what holds state', () => {
  // A changed logical id makes CloudFormation replace the resource: this list may grow and must never change.
  it.each([
    ['DataKey', 'AWS::KMS::Key'],
    ['StateTable', 'AWS::DynamoDB::Table'],
    ['FindingsTable', 'AWS::DynamoDB::Table'],
    ['SettingsTable', 'AWS::DynamoDB::Table'],
    ['FailureBucket', 'AWS::S3::Bucket'],
    ['AlertTopic', 'AWS::SNS::Topic'],
    ['OperationsTopic', 'AWS::SNS::Topic'],
    ['MailTopic', 'AWS::SNS::Topic'],
    ['FlowLogGroup0123456789abcdef0', 'AWS::Logs::LogGroup'],
  ])('%s keeps its logical id', (id, type) => {
    expect(synthesis.byId(id).Type).toBe(type);
  });

  it('is listed above in full', () => {
    const types = ['AWS::KMS::Key', 'AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::SNS::Topic'];
    expect(synthesis.resources.filter(({ Type }) => types.includes(Type))).toHaveLength(8);
  });
});

describe('the failure bucket', () => {
  const { Properties } = synthesis.byId('FailureBucket');

  it('is encrypted with our key, private and versioned, and forgets after 30 days', () => {
    expect(Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault).toEqual({
      SSEAlgorithm: 'aws:kms',
      KMSMasterKeyID: key,
    });
    expect(Object.values(Properties.PublicAccessBlockConfiguration as object)).toEqual([true, true, true, true]);
    expect(Properties.VersioningConfiguration.Status).toBe('Enabled');
    expect(Properties.LifecycleConfiguration.Rules[0]).toMatchObject({
      ExpirationInDays: 30,
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
    });
  });

  it('refuses what does not come over TLS', () => {
    const [policy] = synthesis.all('AWS::S3::BucketPolicy');
    expect(policy!.Properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });
});

describe('the key', () => {
  const { Properties } = synthesis.byId('DataKey');
  const services = (Properties.KeyPolicy.Statement as (Statement & { Principal: { Service?: unknown } })[]).filter(
    ({ Principal }) => Principal.Service,
  );

  it('is rotated', () => {
    expect(Properties.EnableKeyRotation).toBe(true);
  });

  it('serves log groups, SNS and alarms besides this account, and nobody else', () => {
    expect(services.map(({ Principal }) => Principal.Service)).toEqual([
      { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] },
      'sns.amazonaws.com',
      'cloudwatch.amazonaws.com',
    ]);
  });

  it('serves log groups and SNS on behalf of this account only', () => {
    expect(JSON.stringify(services[0]!.Condition)).toContain('AWS::AccountId');
    expect(services[1]!.Condition).toEqual({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } });
  });
});

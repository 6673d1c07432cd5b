import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

import { pin } from './pinned.ts';

/** The services through which our functions use the key. */
export type KeyedService = 'dynamodb' | 'kinesis' | 's3' | 'sns' | 'sqs';

// `kms:ReEncrypt*` and `kms:GenerateDataKey*` spelt out: no wildcard in a role.
const dataActions = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];
const messageActions = ['kms:Decrypt', 'kms:GenerateDataKey'];
const receiving = ['kms:Decrypt'];

/** The customer-managed key that everything Plimsoll stores or sends is encrypted with. */
export class DataKey extends Key {
  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id, {
      description: 'Plimsoll: baselines, findings, alerts and logs',
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      ...props,
    });
    pin(this, 'DataKey');
    const { account, partition, region } = Stack.of(this);
    // Log groups encrypt on behalf of whoever reads and writes them. Source: CloudWatch Logs user guide, "Encrypt log data".
    this.#allowService(
      `logs.${region}.amazonaws.com`,
      ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:*` },
      },
    );
    this.#allowService('sns.amazonaws.com', messageActions, { StringEquals: { 'aws:SourceAccount': account } });
    // No condition: a condition key that the alarm service did not send would lose alarms without a trace, and what an
    // alarm may publish to is decided by the topic's policy, which names this account.
    this.#allowService('cloudwatch.amazonaws.com', messageActions);
  }

  /** Lets a role use the key for what it stores in, sends through or only receives from one service, and not by itself. */
  allow(grantee: IGrantable, service: KeyedService, way: 'send' | 'receive' = 'send'): void {
    const all = service === 'dynamodb' ? dataActions : messageActions;
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: way === 'receive' ? receiving : all,
        resources: [this.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `${service}.${Stack.of(this).region}.amazonaws.com` } },
      }),
    );
  }

  #allowService(service: string, actions: string[], conditions: Record<string, Record<string, string>> = {}): void {
    const principals = [new ServicePrincipal(service)];
    this.addToResourcePolicy(new PolicyStatement({ effect: Effect.ALLOW, principals, actions, resources: ['*'], conditions }));
  }
}

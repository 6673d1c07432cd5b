import { Duration, Lazy, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { EventSourceMapping, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { ILogSubscriptionDestination, LogSubscriptionDestinationConfig } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import type { FailureStore } from './failure-store.ts';
import type { Handler, Surroundings } from './handler.ts';

/** What {@link LogRelay} needs. */
export interface LogRelayProps {
  readonly handler: Handler;
  readonly surroundings: Surroundings;
  readonly failures: FailureStore;
}

/**
 * A data stream between subscriptions and the function that judges their lines, for high volume: lines wait in it for up
 * to a day while the function is behind or broken, and several payloads are one invocation.
 */
export class LogRelay extends Construct implements ILogSubscriptionDestination {
  readonly handler: Handler;
  readonly mapping: EventSourceMapping;
  readonly #stream: Stream;
  readonly #role: Role;
  /** Accounts from which CloudWatch Logs may write. */
  readonly #senders: string[];

  constructor(scope: Construct, id: string, { handler, surroundings: { key }, failures }: LogRelayProps) {
    super(scope, id);
    this.handler = handler;
    this.#stream = new Stream(this, 'Stream', {
      // Follows the volume by itself; a provisioned stream is cheaper where somebody watches its shards.
      streamMode: StreamMode.ON_DEMAND,
      encryption: StreamEncryption.KMS,
      encryptionKey: key,
      retentionPeriod: Duration.hours(24),
      // It would cost on, for lines that are gone in a day and lie in the log groups.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.#stream).acknowledge({
      id: 'AwsSolutions-KDS3',
      reason: 'Log lines are encrypted with the key of everything else that is kept, which only the functions of this stack may use.',
    });
    this.#senders = [arnOfLogs(this, Stack.of(this).account)];
    this.#role = this.#writer();
    key.allow(this.#role, 'kinesis', 'send');
    handler.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'kinesis:DescribeStream',
          'kinesis:DescribeStreamSummary',
          'kinesis:GetRecords',
          'kinesis:GetShardIterator',
          'kinesis:ListShards',
        ],
        resources: [this.#stream.streamArn],
      }),
    );
    key.allow(handler, 'kinesis', 'receive');
    this.mapping = new EventSourceMapping(this, 'Mapping', {
      target: handler,
      eventSourceArn: this.#stream.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      // A record is a payload of up to 1 MB; Lambda takes 6 MB at once.
      batchSize: 10,
      maxBatchingWindow: Duration.seconds(1),
      // What is judged may come in any order (test/laws), so that the order within a shard need not hold anybody up.
      parallelizationFactor: 10,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // Lambda's own default is for ever, which would hold up a shard for a day.
      retryAttempts: 10,
      maxRecordAge: Duration.hours(23),
      onFailure: failures,
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
  }

  /** Called by CDK when a subscription filter takes this as its destination. */
  bind(): LogSubscriptionDestinationConfig {
    return { arn: this.#stream.streamArn, role: this.#role };
  }

  /** Lets CloudWatch Logs of other accounts put records too, by way of a destination. */
  hear(accounts: readonly string[]): { readonly arn: string; readonly role: Role } {
    this.#senders.push(...accounts.map((account) => arnOfLogs(this, account)));
    return { arn: this.#stream.streamArn, role: this.#role };
  }

  /** CloudWatch Logs puts records with this role. Source: CloudWatch Logs user guide, "Subscription filters with Amazon Kinesis Data Streams". */
  #writer(): Role {
    const role = new Role(this, 'Writer', {
      assumedBy: new ServicePrincipal('logs.amazonaws.com', {
        conditions: {
          StringLike: {
            'aws:SourceArn': Lazy.uncachedAny({ produce: () => (this.#senders.length === 1 ? this.#senders[0] : this.#senders) }),
          },
        },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['kinesis:PutRecord'], resources: [this.#stream.streamArn] }));
    return role;
  }
}

function arnOfLogs(scope: Construct, account: string): string {
  const { partition, region } = Stack.of(scope);
  return `arn:${partition}:logs:${region}:${account}:*`;
}

import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Takes what EventBridge and Scheduler could not hand to a function at all (docs/runbooks/undelivered.md). */
export class Undelivered extends Queue {
  /** The queue as EventBridge rules take it: CDK cannot write to the policy of a queue that it did not make. */
  readonly ofRules: IQueue;

  constructor(scope: Construct, id: string) {
    super(scope, id, {
      // SQS's own key: with ours, EventBridge would be refused unless the key's policy let it in, and a dead-letter queue
      // that refuses is worse than none.
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.ofRules = Queue.fromQueueArn(this, 'OfRules', this.queueArn);
    const { account, partition, region, stackName } = Stack.of(this);
    // One statement for all rules of the stack: SQS allows twenty in a policy, and CDK would write one for each rule.
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': `arn:${partition}:events:${region}:${account}:rule/${stackName}-*` } },
      }),
    );
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is a dead-letter queue itself, of EventBridge rules and schedules.',
    });
  }
}

import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type ITopic, Subscription, SubscriptionFilter, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { environment, messageAttributes } from '../shared/contract.ts';
import { Handler, type Surroundings } from './handler.ts';
import { queueFor } from './queues.ts';

/** What {@link Slack} needs. */
export interface SlackProps {
  readonly topic: ITopic;
  readonly webhookSecretArn: string;
  readonly surroundings: Surroundings;
}

const timeout = Duration.seconds(30);

/** Alerts on their way to a Slack channel: a queue in between, so that Slack's rate limit delays and never loses. */
export class Slack extends Construct {
  readonly handler: Handler;
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { topic, webhookSecretArn, surroundings }: SlackProps) {
    super(scope, id);
    const { key } = surroundings;
    // Slack may be down for a while: ten attempts last half an hour at least.
    const { queue, deadLetters } = queueFor(this, { key, timeout, attempts: 10, retention: Duration.days(14) });
    this.queue = queue;
    this.deadLetters = deadLetters;
    this.#subscribe(topic);

    this.handler = new Handler(this, 'Slack', {
      name: 'slack',
      description: 'Plimsoll: posts alerts to Slack',
      surroundings,
      memorySize: 256,
      timeout,
    });
    const secret = Secret.fromSecretCompleteArn(this, 'Webhook', webhookSecretArn);
    this.handler.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] }));
    this.handler.addEnvironment(environment.slackSecret, secret.secretArn);
    this.handler.addToRolePolicy(
      new PolicyStatement({
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
        resources: [this.queue.queueArn],
      }),
    );
    key.allow(this.handler, 'sqs', 'receive');
    new EventSourceMapping(this, 'Mapping', {
      target: this.handler,
      eventSourceArn: this.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      // A webhook takes about one message a second; 2 is the least that Lambda allows.
      maxConcurrency: 2,
    });
  }

  /** By hand, since CDK's subscription would write the topic into the key's policy, and the topic needs the key first. */
  #subscribe(topic: ITopic): void {
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('sns.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': topic.topicArn } },
      }),
    );
    new Subscription(this, 'Subscription', {
      topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: this.queue.queueArn,
      rawMessageDelivery: true,
      deadLetterQueue: this.deadLetters,
      // CloudWatch's alarms on the same topic have no attributes: they are not alerts and Slack's renderer knows none.
      filterPolicy: { [messageAttributes.severity]: SubscriptionFilter.existsFilter() },
    });
  }
}

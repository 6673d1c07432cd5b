import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import type { ChannelSettings } from '../shared/contract/channels.ts';
import { environment } from '../shared/contract/environment.ts';
import { filterPolicyOf } from './channel-filter.ts';
import { type AlertChannel, mailDesk } from './channel-settings.ts';
import { Handler, type Surroundings } from './handler.ts';
import { queueFor } from './queues.ts';
import type { Tables } from './tables.ts';
import type { Topics } from './topics.ts';

/** What {@link Channels} needs. */
export interface ChannelsProps {
  readonly channels: readonly AlertChannel[];
  readonly topics: Topics;
  readonly tables: Tables;
  readonly surroundings: Surroundings;
}

/** Alerts on their way to whoever hears them: each channel has all its own, so that one that fails delays no other. */
export class Channels extends Construct {
  readonly all: readonly DeliveredChannel[];
  /** Topics of channels by the channel's name. */
  readonly topics: readonly (readonly [name: string, topic: ITopic])[];

  constructor(scope: Construct, id: string, { channels, topics, tables, surroundings }: ChannelsProps) {
    super(scope, id);
    const own: (readonly [string, ITopic])[] = [];
    const common = { topic: topics.alerts, surroundings };
    const delivered = channels.flatMap((channel) => {
      if (channel.kind === 'email') return [];
      const made = new DeliveredChannel(this, channel.name, { settings: settingsOf(channel), ...common });
      if ('secretArn' in channel) made.readSecret(channel.secretArn);
      if (channel.kind === 'slack-bot') tables.grantPosts(made.handler);
      if (channel.kind === 'security-hub') made.importFindings();
      if (channel.kind === 'sqs') made.sendTo(channel.queueArn);
      if (channel.kind === 'amazon-q') own.push([channel.name, made.publishToOwnTopic()]);
      return [made];
    });
    if (topics.mail !== undefined) {
      // Whose address gets what is for the subscriptions to say: the text is the same for all.
      const desk = new DeliveredChannel(this, mailDesk, { settings: { kind: 'email', name: mailDesk }, ...common });
      desk.publishTo(topics.mail);
      delivered.push(desk);
    }
    this.all = delivered;
    this.topics = own;
  }
}

/** What {@link DeliveredChannel} needs. */
export interface DeliveredChannelProps {
  readonly settings: ChannelSettings;
  readonly topic: ITopic;
  readonly surroundings: Surroundings;
}

const timeout = Duration.seconds(30);

/** One channel: a queue in between, so that a service's rate limit or outage delays and never loses, and a function of its own. */
export class DeliveredChannel extends Construct {
  readonly name: string;
  readonly handler: Handler;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly #key: Surroundings['key'];

  constructor(scope: Construct, id: string, { settings, topic, surroundings }: DeliveredChannelProps) {
    super(scope, id);
    const { key } = surroundings;
    this.name = settings.name;
    this.#key = key;
    // A service may be down for a while: ten attempts last half an hour at least.
    const { queue, deadLetters } = queueFor(this, { key, timeout, attempts: 10, retention: Duration.days(14) });
    this.queue = queue;
    this.deadLetters = deadLetters;
    this.#subscribe(topic, settings);

    this.handler = new Handler(this, 'Deliver', {
      name: 'deliver',
      instance: settings.name,
      description: `Plimsoll: delivers alerts to the channel ${settings.name}`,
      surroundings,
      memorySize: 256,
      timeout,
      environment: { [environment.channel]: JSON.stringify(settings) },
    });
    this.#allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'], queue.queueArn);
    key.allow(this.handler, 'sqs', 'receive');
    new EventSourceMapping(this, 'Mapping', {
      target: this.handler,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      // Slack takes about one message a second; 2 is the least that Lambda allows.
      maxConcurrency: 2,
    });
  }

  /** Lets the function read the channel's secret, and no other. */
  readSecret(arn: string): void {
    this.#allow(['secretsmanager:GetSecretValue'], arn);
    this.handler.addEnvironment(environment.channelSecret, arn);
  }

  /** Lets the function publish to a topic. */
  publishTo(topic: ITopic): void {
    this.#allow(['sns:Publish'], topic.topicArn);
    this.#key.allow(this.handler, 'sns');
    this.handler.addEnvironment(environment.channelTopic, topic.topicArn);
  }

  /** A topic for a reader who drops whatever is not in its own schema. */
  publishToOwnTopic(): ITopic {
    const topic = new Topic(this, 'Topic', { displayName: `Plimsoll ${this.name}`, masterKey: this.#key, enforceSSL: true });
    this.publishTo(topic);
    new CfnOutput(this, 'TopicArn', { value: topic.topicArn, description: 'Name this topic in Amazon Q Developer in chat applications' });
    return topic;
  }

  /** Lets the function import findings of this account's own product. Source: Service Authorization Reference, AWS Security Hub. */
  importFindings(): void {
    const { account, partition, region } = Stack.of(this);
    const product = `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`;
    this.#allow(['securityhub:BatchImportFindings'], product);
    this.handler.addEnvironment(environment.channelProduct, product);
  }

  /** Lets the function send to a queue of the user's. */
  sendTo(queueArn: string): void {
    this.#allow(['sqs:SendMessage'], queueArn);
    this.handler.addEnvironment(environment.channelQueue, Queue.fromQueueArn(this, 'Destination', queueArn).queueUrl);
  }

  #allow(actions: string[], resource: string): void {
    this.handler.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] }));
  }

  /** By hand, since CDK's subscription would write the topic into the key's policy, and the topic needs the key first. */
  #subscribe(topic: ITopic, filter: ChannelSettings): void {
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('sns.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': topic.topicArn } },
      }),
    );
    const filterPolicy = filterPolicyOf(filter, false);
    new Subscription(this, 'Subscription', {
      topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: this.queue.queueArn,
      rawMessageDelivery: true,
      deadLetterQueue: this.deadLetters,
      // Alarms on the same topic have no attributes: they are not alerts and no renderer knows them.
      ...(filterPolicy === undefined ? {} : { filterPolicy }),
    });
  }
}

/** What the function knows: no secret, and nothing that is only for CDK. */
function settingsOf(channel: AlertChannel): ChannelSettings {
  const { kind, name, severity, clusters, tactics } = channel;
  return {
    kind,
    name,
    ...(severity === undefined ? {} : { severity }),
    ...(clusters === undefined ? {} : { clusters }),
    ...(tactics === undefined ? {} : { tactics }),
    ...(channel.kind === 'slack-bot' ? { channel: channel.channel } : {}),
    ...(channel.kind === 'pagerduty' && channel.serviceRegion === 'eu' ? { endpoint: 'https://events.eu.pagerduty.com' } : {}),
  };
}

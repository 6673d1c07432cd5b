import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

import type { ChannelFilter } from '../shared/contract/channels.ts';
import { environment } from '../shared/contract/environment.ts';
import { filterPolicyOf } from './channel-filter.ts';
import type { DataKey } from './data-key.ts';
import type { Handler } from './handler.ts';
import { pin } from './pinned.ts';

/** What {@link Topics} needs. */
export interface TopicsProps {
  readonly key: DataKey;
  /** Who is mailed about adversaries. */
  readonly mailboxes: readonly Mailbox[];
  readonly operationsEmails: readonly string[];
}

/** An address and the alerts it gets. */
export interface Mailbox extends ChannelFilter {
  readonly address: string;
}

/** Where people are told: about adversaries, and about Plimsoll's own health. */
export class Topics extends Construct {
  readonly alerts: Topic;
  /** The same alerts in plain text, where somebody is mailed: the topic of alerts is for programs. */
  readonly mail: Topic | undefined;
  /** The pipeline does not publish here, so that its failure can be told when its own topic is what fails. */
  readonly operations: Topic;
  readonly #key: DataKey;

  constructor(scope: Construct, id: string, { key, mailboxes, operationsEmails }: TopicsProps) {
    super(scope, id);
    this.#key = key;
    this.alerts = this.#topic('Alerts', 'AlertTopic', 'Plimsoll alerts');
    this.operations = this.#topic('Operations', 'OperationsTopic', 'Plimsoll operations');
    this.mail = mailboxes.length === 0 ? undefined : this.#topic('Mail', 'MailTopic', 'Plimsoll');
    for (const email of operationsEmails) this.operations.addSubscription(new EmailSubscription(email));
    for (const { address, ...filter } of mailboxes) {
      const filterPolicy = filterPolicyOf(filter, true);
      this.mail?.addSubscription(new EmailSubscription(address, filterPolicy === undefined ? {} : { filterPolicy }));
    }
  }

  /** Lets a function tell of alerts. */
  grantTell(handler: Handler): void {
    handler.addToRolePolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: [this.alerts.topicArn] }));
    this.#key.allow(handler, 'sns');
    handler.addEnvironment(environment.alertTopic, this.alerts.topicArn);
  }

  #topic(id: string, logicalId: string, displayName: string): Topic {
    const { account, partition, region } = Stack.of(this);
    const topic = new Topic(this, id, { displayName, masterKey: this.#key, enforceSSL: true });
    pin(topic, logicalId);
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Alarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
        },
      }),
    );
    return topic;
  }
}

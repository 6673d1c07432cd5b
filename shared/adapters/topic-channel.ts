import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { customNotification } from '../alert/amazon-q.ts';
import { asciiJson } from '../alert/escape.ts';
import type { Channel, Delivery } from '../alert/delivery.ts';
import { alertMail } from '../alert/mail.ts';
import { type PublishedAlert, tacticsOf } from '../alert/published.ts';
import { messageAttributes } from '../contract/channels.ts';

/** Where a topic's message comes from. */
type Wording = (alert: PublishedAlert) => { readonly subject?: string; readonly body: string };

/** A topic of its own, in words that its readers understand: people who read mail, or Amazon Q Developer. */
export class TopicChannel implements Channel {
  private readonly client: SNSClient;
  private readonly topic: string;
  private readonly wording: Wording;

  constructor(client: SNSClient, topic: string, wording: Wording) {
    this.client = client;
    this.topic = topic;
    this.wording = wording;
  }

  async post(alert: PublishedAlert): Promise<Delivery> {
    const { subject, body } = this.wording(alert);
    await this.client.send(
      new PublishCommand({
        TopicArn: this.topic,
        Message: body,
        ...(subject === undefined ? {} : { Subject: subject }),
        MessageAttributes: attributesOf(alert),
      }),
    );
    return { outcome: 'posted' };
  }
}

/** What a person reads in a mail. */
export const inMail: Wording = alertMail;

/** What Amazon Q Developer shows. */
export const forAmazonQ: Wording = (alert) => ({ body: asciiJson(customNotification(alert)) });

/** As on the topic that the alert came from: subscriptions filter by them. */
function attributesOf(alert: PublishedAlert) {
  const named = [
    [messageAttributes.severity, alert.severity],
    [messageAttributes.cluster, alert.cluster.slice(0, 200)],
    [messageAttributes.detection, alert.detection],
  ] as const;
  const tactics = tacticsOf(alert);
  return {
    ...Object.fromEntries(named.map(([name, value]) => [name, { DataType: 'String', StringValue: value || 'unknown' }])),
    [messageAttributes.tactic]: { DataType: 'String.Array', StringValue: JSON.stringify(tactics.length === 0 ? ['unknown'] : tactics) },
  };
}

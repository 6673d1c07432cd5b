import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { alertMessage } from '../alert/message.ts';
import type { Proof } from '../model/proof.ts';
import { iso } from '../model/time.ts';
import type { Alert } from '../triage/alert.ts';
import type { Teller } from '../triage/triage.ts';

/** Tells of alerts through a topic: one message each, with attributes that subscriptions can filter by. */
export class SnsTeller implements Teller {
  private readonly client: SNSClient;
  private readonly topic: string;

  constructor(client: SNSClient, topic: string) {
    this.client = client;
    this.topic = topic;
  }

  async tell(alert: Alert, reason: string): Promise<void> {
    const { subject, body, attributes } = alertMessage(alert, reason);
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, values]) =>
        typeof values === 'string'
          ? [name, { DataType: 'String', StringValue: values }]
          : [name, { DataType: 'String.Array', StringValue: JSON.stringify(values) }],
      ),
    );
    await this.client.send(new PublishCommand({ TopicArn: this.topic, Subject: subject, Message: body, MessageAttributes }));
  }

  /** Publishes a proof of life, without attributes: the filter of every channel asks for one. */
  async tellProof({ cluster, time }: Proof): Promise<void> {
    const Message = JSON.stringify({ proofOfLife: { cluster, time: iso(time) }, note: 'No alert: Plimsoll can tell of this cluster.' });
    await this.client.send(new PublishCommand({ TopicArn: this.topic, Subject: 'Plimsoll: proof of life, no alert', Message }));
  }
}

import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Channel, Delivery } from '../alert/delivery.ts';
import { asciiJson } from '../alert/escape.ts';
import { detectionFinding } from '../alert/ocsf.ts';
import type { PublishedAlert } from '../alert/published.ts';

/** A queue of the user's, from which a SIEM takes OCSF Detection Findings. */
export class QueueChannel implements Channel {
  private readonly client: SQSClient;
  private readonly queue: string;

  constructor(client: SQSClient, queue: string) {
    this.client = client;
    this.queue = queue;
  }

  async post(alert: PublishedAlert): Promise<Delivery> {
    await this.client.send(new SendMessageCommand({ QueueUrl: this.queue, MessageBody: asciiJson(detectionFinding(alert)) }));
    return { outcome: 'posted' };
  }
}

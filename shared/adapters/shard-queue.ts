import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ShardOrder } from '../state/shard-pages.ts';
import { chunks } from './effort.ts';

/** Messages of one request. Source: Amazon SQS API reference, SendMessageBatch. */
const messagesPerRequest = 10;

/** The queue of a recomputation's orders: each message is one. */
export class ShardQueue {
  private readonly client: SQSClient;
  private readonly url: string;

  constructor(client: SQSClient, url: string) {
    this.client = client;
    this.url = url;
  }

  /** Fails unless all were taken: an order that comes twice does no harm, one that is lost leaves a night without profiles. */
  async send(orders: readonly (ShardOrder | Pick<ShardOrder, 'generation'>)[]): Promise<void> {
    for (const some of chunks(orders, messagesPerRequest)) {
      const Entries = some.map((order, position) => ({ Id: String(position), MessageBody: JSON.stringify(order) }));
      const { Failed = [] } = await this.client.send(new SendMessageBatchCommand({ QueueUrl: this.url, Entries }));
      if (Failed.length > 0)
        throw new Error(`SQS did not take ${String(Failed.length)} of ${String(some.length)} orders: ${Failed[0]?.Message ?? 'no reason'}`);
    }
  }
}

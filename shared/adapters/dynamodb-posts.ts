import { ConditionalCheckFailedException, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Post, PostStore } from '../alert/posts.ts';
import { keys } from '../contract/tables.ts';
import { day } from '../model/time.ts';
import type { Attributes } from './dynamodb-batch.ts';
import { expiryOf, keyAttributes } from './dynamodb-item.ts';

/** As long as alerts are kept. */
const keptDays = 400;

/** Which message of a channel is about which alert: a small item each, beside the alerts, in partitions that begin with `post#`. */
export class DynamoDbPosts implements PostStore {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly channel: string;
  private readonly now: () => number;

  constructor(client: DynamoDBClient, table: string, channel: string, now: () => number = Date.now) {
    this.client = client;
    this.table = table;
    this.channel = channel;
    this.now = now;
  }

  async get(alert: string): Promise<Post | undefined> {
    const { Item } = await this.client.send(new GetItemCommand({ TableName: this.table, Key: this.key(alert), ConsistentRead: true }));
    return postIn(Item);
  }

  async keep(alert: string, post: Post, known: Post | undefined): Promise<Post> {
    const { message, place, telling, replied } = post;
    const put = new PutItemCommand({
      TableName: this.table,
      Item: {
        ...this.key(alert),
        [keys.expires]: { N: String(expiryOf(this.now() + keptDays * day)) },
        message: { S: message },
        place: { S: place },
        telling: { N: String(telling) },
        replied: { N: String(replied) },
      },
      // What tells of something older, or of a message that another has taken the place of, comes too late.
      ConditionExpression: known === undefined ? 'attribute_not_exists(#pk)' : '#message = :known AND #telling <= :telling',
      ExpressionAttributeNames: known === undefined ? { '#pk': keys.partition } : { '#message': 'message', '#telling': 'telling' },
      ...(known === undefined ? {} : { ExpressionAttributeValues: { ':known': { S: known.message }, ':telling': { N: String(telling) } } }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await this.client.send(put);
      return post;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return postIn(error.Item) ?? post;
    }
  }

  private key(alert: string): Attributes {
    return keyAttributes({ partition: `post#${alert}`, sort: this.channel });
  }
}

function postIn(item: Attributes | undefined): Post | undefined {
  const message = item?.['message']?.S;
  if (message === undefined) return undefined;
  const place = item?.['place']?.S ?? '';
  return { message, place, telling: Number(item?.['telling']?.N ?? 0), replied: Number(item?.['replied']?.N ?? 0) };
}

import { ConditionalCheckFailedException, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord, StreamRecord } from 'aws-lambda';
import { keys, orderAttribute } from '../../shared/contract/tables.ts';
import { streamed } from './streamed.ts';

type Item = NonNullable<StreamRecord['NewImage']>;

/** A table with a stream, in memory, as far as the adapters of findings and alerts use one: for counting what they ask for. */
export class MemoryTable {
  /** Requests that write, refused ones too, as DynamoDB bills them. */
  writes = 0;
  reads = 0;
  refused = 0;
  largestItem = 0;
  private readonly items = new Map<string, Item>();
  private records: DynamoDBRecord[] = [];
  private written = 0;
  private readonly wait: () => Promise<number>;

  /** What the waiting for the newest write came to. */
  lastWrite = 0;
  /** The same for the first write with an order to tell. */
  firstOrder = 0;

  /** `wait` is what each request takes: it resolves to how many were taken so far. */
  constructor(wait: () => Promise<number>) {
    this.wait = wait;
  }

  /** What adapters take for a client. */
  client(): DynamoDBClient {
    // They use this one method.
    return { send: (command: unknown) => this.send(command) } as unknown as DynamoDBClient;
  }

  /** What the stream brings since the last call. */
  changes(): Promise<DynamoDBRecord[]> {
    const taken = this.records;
    this.records = [];
    return Promise.resolve(taken);
  }

  private async send(command: unknown): Promise<{ Item?: Item }> {
    const waited = await this.wait();
    if (command instanceof GetItemCommand) {
      this.reads += 1;
      const item = this.items.get(nameOf(command.input.Key as Item));
      return item === undefined ? {} : { Item: item };
    }
    if (!(command instanceof PutItemCommand)) throw new Error('this table understands GetItem and PutItem');
    this.writes += 1;
    this.lastWrite = waited;
    if (this.firstOrder === 0 && (command.input.Item as Item)[orderAttribute] !== undefined) this.firstOrder = waited;
    const { Item, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = command.input;
    const item = Item as Item;
    const before = this.items.get(nameOf(item));
    const [attribute = ''] = Object.values(ExpressionAttributeNames ?? {});
    const expected = ExpressionAttributeValues?.[':v']?.N;
    const isAbsence = ConditionExpression?.startsWith('attribute_not_exists') === true;
    if (isAbsence ? before?.[attribute] !== undefined : before?.[attribute]?.N !== expected) {
      this.refused += 1;
      throw new ConditionalCheckFailedException({
        message: 'refused',
        $metadata: {},
        ...(before === undefined ? {} : { Item: before as never }),
      });
    }
    this.items.set(nameOf(item), item);
    this.largestItem = Math.max(this.largestItem, Buffer.byteLength(JSON.stringify(item)));
    this.written += 1;
    this.records.push({
      eventName: before === undefined ? 'INSERT' : 'MODIFY',
      dynamodb: {
        SequenceNumber: String(this.written),
        NewImage: streamed(item),
        ...(before === undefined ? {} : { OldImage: streamed(before) }),
      },
    });
    return {};
  }
}

function nameOf(item: Item): string {
  return `${item[keys.partition]?.S ?? ''} ${item[keys.sort]?.S ?? ''}`;
}

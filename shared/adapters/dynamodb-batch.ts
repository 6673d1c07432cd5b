import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  type KeysAndAttributes,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { backOff, chunks, inParallel } from './effort.ts';

/** An item as DynamoDB spells it. */
export type Attributes = Record<string, AttributeValue>;

/** Limits of one request. Source: DynamoDB API reference, BatchGetItem and BatchWriteItem. */
const keysPerRead = 100;
const itemsPerWrite = 25;
const requestsAtOnce = 8;
/** Attempts in a row that may come back with nothing done. */
const mostFruitless = 8;

/** Reads items by key, as many as there are: what DynamoDB leaves over is asked for again. Keys must differ. */
export async function readAll(client: DynamoDBClient, table: string, keys: readonly Attributes[], strong: boolean): Promise<Attributes[]> {
  const found = await inParallel(chunks(keys, keysPerRead), requestsAtOnce, async (some) => {
    const items: Attributes[] = [];
    await untilNothingIsLeft<KeysAndAttributes>({ Keys: some, ConsistentRead: strong }, async (request) => {
      const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: request } }));
      items.push(...(answer.Responses?.[table] ?? []));
      const left = answer.UnprocessedKeys?.[table];
      return left?.Keys?.length ? { left, size: left.Keys.length } : undefined;
    });
    return items;
  });
  return found.flat();
}

/** Writes items whole. Their keys must differ. */
export async function writeAll(client: DynamoDBClient, table: string, items: readonly Attributes[]): Promise<void> {
  await inParallel(chunks(items, itemsPerWrite), requestsAtOnce, (some) =>
    untilNothingIsLeft<WriteRequest[]>(
      some.map((Item) => ({ PutRequest: { Item } })),
      async (requests) => {
        const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
        const left = answer.UnprocessedItems?.[table];
        return left?.length ? { left, size: left.length } : undefined;
      },
    ),
  );
}

/** A request larger than one answer goes on at once; one that DynamoDB throttles waits longer each time. */
async function untilNothingIsLeft<T>(first: T, request: (part: T) => Promise<{ left: T; size: number } | undefined>): Promise<void> {
  let part = first;
  let size = Infinity;
  let fruitless = 0;
  for (;;) {
    const rest = await request(part);
    if (rest === undefined) return;
    fruitless = rest.size < size ? 0 : fruitless + 1;
    if (fruitless >= mostFruitless)
      throw new Error(`DynamoDB left ${String(rest.size)} items of a batch undone, ${String(fruitless)} times in a row`);
    if (fruitless > 0) await backOff(fruitless);
    ({ left: part, size } = rest);
  }
}

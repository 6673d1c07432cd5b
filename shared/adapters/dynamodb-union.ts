import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { keys } from '../contract/tables.ts';
import type { Merge, Removal } from '../state/store.ts';
import type { Attributes } from './dynamodb-batch.ts';
import { chunks } from './effort.ts';
import { expiryOf, isTooLarge, keyOf, membersOf, setAttribute } from './dynamodb-item.ts';

/** Members to join into sets of one item, by attribute; `expires` in seconds, absent where the item lives longer already. */
interface Union {
  readonly key: string;
  readonly sets: readonly (readonly [attribute: string, members: readonly string[]])[];
  readonly expires: number | undefined;
  readonly cap: number;
}

/** An expression takes 300 operators and 4 KB. Source: DynamoDB developer guide, "Constraints". */
const setsPerRequest = 25;

/**
 * Joins members into the sets of one item and returns the item as it is afterwards. A set that is full takes no more
 * and is no obstacle to the others; an item that is full is `onFull`'s to count.
 */
export async function unite(client: DynamoDBClient, table: string, merge: Merge, onFull: (key: string) => void): Promise<Attributes> {
  const sets = Object.entries(merge.sets).flatMap(([name, members]) =>
    members.length === 0 ? [] : [[setAttribute(name), membersOf(members)] as const],
  );
  let item: Attributes = {};
  for (const some of sets.length === 0 ? [[]] : chunks(sets, setsPerRequest)) {
    item = await add(client, table, { key: merge.key, sets: some, expires: expiryOf(merge.expires), cap: merge.cap }, onFull);
  }
  return item;
}

/** Takes members out of the sets of one item. An item that is not there is not made. */
export async function subtract(client: DynamoDBClient, table: string, { key, sets }: Removal): Promise<void> {
  const present = Object.entries(sets).filter(([, members]) => members.length > 0);
  for (const some of chunks(present, setsPerRequest)) {
    const update: UpdateItemCommandInput = {
      TableName: table,
      Key: keyOf(key),
      UpdateExpression: `DELETE ${some.map((_, position) => `#s${String(position)} :m${String(position)}`).join(', ')}`,
      ConditionExpression: 'attribute_exists(#pk)',
      ExpressionAttributeNames: {
        '#pk': keys.partition,
        ...Object.fromEntries(some.map(([name], position) => [`#s${String(position)}`, setAttribute(name)])),
      },
      ExpressionAttributeValues: Object.fromEntries(
        some.map(([, members], position) => [`:m${String(position)}`, { SS: membersOf(members) }]),
      ),
    };
    await client.send(new UpdateItemCommand(update)).catch((error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
  }
}

async function add(client: DynamoDBClient, table: string, wanted: Union, onFull: (key: string) => void): Promise<Attributes> {
  let union = wanted;
  // Ends: every refusal names a full set or a later expiry, which the next request does without.
  for (;;) {
    try {
      return (await client.send(new UpdateItemCommand(updateOf(table, union)))).Attributes ?? {};
    } catch (error) {
      if (isTooLarge(error)) return await addWhatFits(client, table, union, onFull);
      if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
      union = withoutObstacles(union, error.Item);
      if (union.sets.length === 0 && union.expires === undefined) return error.Item;
    }
  }
}

/** An item near its largest size may have room for one set and none for another. */
async function addWhatFits(client: DynamoDBClient, table: string, union: Union, onFull: (key: string) => void): Promise<Attributes> {
  if (union.sets.length > 1) {
    let item: Attributes = {};
    for (const set of union.sets) item = await add(client, table, { ...union, sets: [set] }, onFull);
    return item;
  }
  onFull(union.key);
  const answer = await client.send(new GetItemCommand({ TableName: table, Key: keyOf(union.key), ConsistentRead: true }));
  return answer.Item ?? keyOf(union.key);
}

function updateOf(table: string, { key, sets, expires, cap }: Union): UpdateItemCommandInput {
  const names: Record<string, string> = {};
  const values: Attributes = {};
  const clauses: string[] = [];
  const conditions: string[] = [];
  if (sets.length > 0) {
    clauses.push(`ADD ${sets.map((_, position) => `#s${String(position)} :m${String(position)}`).join(', ')}`);
    values[':cap'] = { N: String(cap) };
  }
  sets.forEach(([attribute, members], position) => {
    names[`#s${String(position)}`] = attribute;
    values[`:m${String(position)}`] = { SS: [...members] };
    conditions.push(`(attribute_not_exists(#s${String(position)}) OR size(#s${String(position)}) < :cap)`);
  });
  if (expires !== undefined) {
    names['#expires'] = keys.expires;
    values[':expires'] = { N: String(expires) };
    clauses.push('SET #expires = :expires');
    conditions.push('(attribute_not_exists(#expires) OR #expires <= :expires)');
  }
  return {
    TableName: table,
    Key: keyOf(key),
    UpdateExpression: clauses.join(' '),
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

function withoutObstacles({ key, sets, expires, cap }: Union, item: Attributes): Union {
  const livesLonger = expires !== undefined && Number(item[keys.expires]?.N ?? 0) > expires;
  return {
    key,
    cap,
    sets: sets.filter(([attribute]) => (item[attribute]?.SS?.length ?? 0) < cap),
    expires: livesLonger ? undefined : expires,
  };
}

import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { keys } from '../contract/tables.ts';
import type { StateDocument } from '../state/store.ts';
import { documentValue } from './dynamodb-document.ts';
import { documentAttribute, expiryOf, generationAttribute, keyAttributes } from './dynamodb-item.ts';

/** Writes a document unless one of a younger generation stands there. `BatchWriteItem` knows no conditions. */
export async function replaceOlder(client: DynamoDBClient, table: string, document: StateDocument): Promise<void> {
  const update = new UpdateItemCommand({
    TableName: table,
    Key: keyAttributes(document),
    UpdateExpression: 'SET #document = :document, #generation = :generation, #expires = :expires',
    ConditionExpression: 'attribute_not_exists(#generation) OR #generation <= :generation',
    ExpressionAttributeNames: { '#document': documentAttribute, '#generation': generationAttribute, '#expires': keys.expires },
    ExpressionAttributeValues: {
      ':document': documentValue(document.document),
      ':generation': { N: String(document.generation ?? 0) },
      ':expires': { N: String(expiryOf(document.expires)) },
    },
  });
  await client.send(update).catch((error: unknown) => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  });
}

/** Writes a document where none stands; false where one does, be it that an attempt before had written it after all. */
export async function writeNew(client: DynamoDBClient, table: string, document: StateDocument): Promise<boolean> {
  const update = new UpdateItemCommand({
    TableName: table,
    Key: keyAttributes(document),
    UpdateExpression: 'SET #document = :document, #expires = :expires',
    ConditionExpression: 'attribute_not_exists(#document)',
    ExpressionAttributeNames: { '#document': documentAttribute, '#expires': keys.expires },
    ExpressionAttributeValues: { ':document': documentValue(document.document), ':expires': { N: String(expiryOf(document.expires)) } },
  });
  try {
    await client.send(update);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

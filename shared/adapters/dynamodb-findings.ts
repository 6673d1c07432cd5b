import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { itemKind, keys } from '../contract/tables.ts';
import { day } from '../model/time.ts';
import type { FindingGroup, FindingStore } from '../detect/finding-group.ts';
import { documentValue } from './dynamodb-document.ts';
import { documentAttribute, expiryOf, keyAttributes } from './dynamodb-item.ts';
import { fitGroup } from './dynamodb-fit.ts';
import { inParallel } from './effort.ts';

const keptDays = 90;
const writesAtOnce = 8;

/**
 * The findings table, which is an outbox: its stream carries every new group to triage. A group is written only if it
 * is not there, so that a redelivered payload is no news to anybody.
 */
export class DynamoDbFindings implements FindingStore {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async record(groups: readonly FindingGroup[]): Promise<void> {
    const items = groups.flatMap((group) => fitGroup(group).map((part) => ({ ...part, fingerprint: group.fingerprint, last: group.last })));
    await inParallel(items, writesAtOnce, async ({ fingerprint, key, document, last }) => {
      const put = new PutItemCommand({
        TableName: this.table,
        Item: {
          ...keyAttributes({ partition: `finding#${fingerprint}`, sort: key }),
          [itemKind.attribute]: { S: itemKind.finding },
          [keys.expires]: { N: String(expiryOf(last + keptDays * day)) },
          [documentAttribute]: documentValue(document),
        },
        ConditionExpression: 'attribute_not_exists(#pk)',
        ExpressionAttributeNames: { '#pk': keys.partition },
      });
      await this.client.send(put).catch((error: unknown) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
    });
  }
}

import { DeleteItemCommand, type DynamoDBClient, paginateScan, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { itemKind, keys, settingsPartitions } from '../contract/tables.ts';
import type { OperatorLimit } from '../detect/operator-limit.ts';
import { day } from '../model/time.ts';
import type { Alert } from '../triage/alert.ts';
import { type Decision, type Decisions, isLimit } from '../triage/decision.ts';
import type { Suppression } from '../triage/suppression.ts';
import { documentText } from './dynamodb-document.ts';
import { documentAttribute, expiryOf, keyAttributes } from './dynamodb-item.ts';
import { DynamoDbSettings } from './dynamodb-settings.ts';

/** An ended decision can still be listed for this long. */
const keptAfterEnd = 30 * day;

/** The settings table as people write it. Nothing in the pipeline does. */
export class DynamoDbDecisions implements Decisions {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly settings: DynamoDbSettings;

  constructor(client: DynamoDBClient, table: string, unreadable: (id: string, error?: unknown) => void) {
    this.client = client;
    this.table = table;
    this.settings = new DynamoDbSettings(client, table, unreadable);
  }

  suppressions(): Promise<readonly Suppression[]> {
    return this.settings.suppressions();
  }

  limits(): Promise<readonly OperatorLimit[]> {
    return this.settings.limits();
  }

  async put(decision: Decision): Promise<void> {
    await this.client.send(
      new PutItemCommand({
        TableName: this.table,
        Item: {
          ...keyAttributes(placeOf(decision)),
          [keys.expires]: { N: String(expiryOf(decision.until + keptAfterEnd)) },
          [documentAttribute]: { S: JSON.stringify(decision) },
        },
      }),
    );
  }

  async remove(decision: Decision): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.table, Key: keyAttributes(placeOf(decision)) }));
  }
}

function placeOf(decision: Decision): { readonly partition: string; readonly sort: string } {
  return { partition: isLimit(decision) ? settingsPartitions.limits : settingsPartitions.suppressions, sort: decision.id };
}

/**
 * Every alert. No index leads to them: all of the findings table is read, and charged for, whatever the filter leaves over:
 * half a unit for each 4 KB. `charged` is told of the units of each page.
 * Source: Amazon DynamoDB developer guide, "Capacity unit consumption for Scan".
 */
export async function* scanAlerts(client: DynamoDBClient, table: string, charged: (readUnits: number) => void): AsyncGenerator<Alert> {
  const scan = {
    TableName: table,
    FilterExpression: '#kind = :alert',
    ProjectionExpression: '#document',
    ExpressionAttributeNames: { '#kind': itemKind.attribute, '#document': documentAttribute },
    ExpressionAttributeValues: { ':alert': { S: itemKind.alert } },
    ReturnConsumedCapacity: 'TOTAL' as const,
  };
  for await (const { Items = [], ConsumedCapacity } of paginateScan({ client }, scan)) {
    charged(ConsumedCapacity?.CapacityUnits ?? 0);
    for (const item of Items) {
      const document = documentText(item[documentAttribute]);
      // Written by our own adapter.
      if (document !== undefined) yield JSON.parse(document) as Alert;
    }
  }
}

import { ConditionalCheckFailedException, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { itemKind, keys } from '../contract.ts';
import { day } from '../model/time.ts';
import { alone } from '../state/store.ts';
import type { Alert, AlertStore } from '../triage/alert.ts';
import { fitAlert } from './dynamodb-fit.ts';
import { documentAttribute, expiryOf, keyAttributes } from './dynamodb-item.ts';
import type { Attributes } from './dynamodb-batch.ts';
import { backOff } from './effort.ts';

const versionAttribute = 'version';
const keptDays = 400;
/** Several writers of one alert take turns; more than this in a row is no longer bad luck. */
const mostAttempts = 20;

/** Alerts in the findings table: each is one item that is replaced only if nobody else replaced it in between. */
export class DynamoDbAlerts implements AlertStore {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async get(id: string): Promise<Alert | undefined> {
    return alertIn(await this.read(id));
  }

  async update(id: string, change: (alert: Alert | undefined) => Alert): Promise<Alert> {
    let item = await this.read(id);
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const known = alertIn(item);
      const alert = change(known);
      if (alert === known) return alert;
      const newer = await this.replace(id, alert, Number(item?.[versionAttribute]?.N ?? 0));
      if (newer === undefined) return alert;
      item = newer;
      await backOff(attempt);
    }
    throw new Error(`alert ${id} was changed by others ${String(mostAttempts)} times in a row`);
  }

  private async read(id: string): Promise<Attributes | undefined> {
    const answer = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: keyAttributes({ partition: `alert#${id}`, sort: alone }), ConsistentRead: true }),
    );
    return answer.Item;
  }

  /** Stores an alert in place of a version; where that version is gone, the item that is there instead. */
  private async replace(id: string, alert: Alert, version: number): Promise<Attributes | undefined> {
    const put = new PutItemCommand({
      TableName: this.table,
      Item: {
        ...keyAttributes({ partition: `alert#${id}`, sort: alone }),
        [itemKind.attribute]: { S: itemKind.alert },
        [versionAttribute]: { N: String(version + 1) },
        [keys.expires]: { N: String(expiryOf(alert.lastSeen + keptDays * day)) },
        [documentAttribute]: { S: fitAlert(alert) },
      },
      ConditionExpression: version === 0 ? 'attribute_not_exists(#v)' : '#v = :v',
      ExpressionAttributeNames: { '#v': versionAttribute },
      ...(version === 0 ? {} : { ExpressionAttributeValues: { ':v': { N: String(version) } } }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await this.client.send(put);
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item ?? {};
    }
  }
}

/** Written by this class alone, after a type check. */
function alertIn(item: Attributes | undefined): Alert | undefined {
  const document = item?.[documentAttribute]?.S;
  return document === undefined ? undefined : (JSON.parse(document) as Alert);
}

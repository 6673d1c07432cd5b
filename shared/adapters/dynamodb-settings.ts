import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { keys } from '../contract.ts';
import { number, object, parseJson, text } from '../model/json.ts';
import { second } from '../model/time.ts';
import type { Settings, Suppression } from '../triage/suppression.ts';
import { documentAttribute } from './dynamodb-item.ts';

/** The partition that holds suppressions, one item each: the suppression's id is the sort key, its JSON the document. */
export const suppressionPartition = 'suppressions';

/** A decision takes effect within this time. */
const remembered = 30 * second;

/** The settings table. What a person wrote there and cannot be read silences nothing, and is told. */
export class DynamoDbSettings implements Settings {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly unreadable: (id: string) => void;
  private readonly now: () => number;
  private known: { readonly read: number; readonly suppressions: readonly Suppression[] } | undefined;

  constructor(client: DynamoDBClient, table: string, unreadable: (id: string) => void, now: () => number = Date.now) {
    this.client = client;
    this.table = table;
    this.unreadable = unreadable;
    this.now = now;
  }

  async suppressions(): Promise<readonly Suppression[]> {
    const read = this.now();
    if (this.known === undefined || read - this.known.read >= remembered) this.known = { read, suppressions: await this.readAll() };
    return this.known.suppressions;
  }

  private async readAll(): Promise<Suppression[]> {
    const found: Suppression[] = [];
    const query = {
      TableName: this.table,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': keys.partition },
      ExpressionAttributeValues: { ':pk': { S: suppressionPartition } },
    };
    for await (const page of paginateQuery({ client: this.client }, query)) {
      for (const item of page.Items ?? []) {
        const id = item[keys.sort]?.S ?? '';
        const suppression = suppressionOf(id, item[documentAttribute]?.S ?? '');
        if (suppression === undefined) this.unreadable(id);
        else found.push(suppression);
      }
    }
    return found;
  }
}

function suppressionOf(id: string, json: string): Suppression | undefined {
  const value = object(parseJson(json));
  const [detection, cluster, entity, who, why] = ['detection', 'cluster', 'entity', 'who', 'why'].map((field) => text(value?.[field]));
  const until = number(value?.['until']);
  if (
    detection === undefined ||
    cluster === undefined ||
    entity === undefined ||
    who === undefined ||
    why === undefined ||
    until === undefined
  )
    return undefined;
  return { id, detection, cluster, entity, who, why, until };
}

import { ConditionalCheckFailedException, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { itemKind, keys, orderAttribute } from '../contract/tables.ts';
import { Recent } from '../model/recent.ts';
import { day } from '../model/time.ts';
import { alone } from '../state/store.ts';
import { type Alert, type AlertStore, orderOf } from '../triage/alert.ts';
import { fitAlert } from './dynamodb-fit.ts';
import { documentText, documentValue, type StoredDocument } from './dynamodb-document.ts';
import { documentAttribute, expiryOf, keyAttributes } from './dynamodb-item.ts';
import type { Attributes } from './dynamodb-batch.ts';
import { backOff } from './effort.ts';

const versionAttribute = 'version';
const keptDays = 400;
/** Several writers of one alert take turns; more than this in a row is no longer bad luck. */
const mostAttempts = 20;
/** Alerts remembered at least; twice as many at most, of at most 380 KB each. */
const mostRemembered = 30;

/**
 * Alerts in the findings table: each is one item that is replaced only if nobody else replaced it in between. What a process last saw of
 * an item it takes for the item, and an item that it never saw for one that is not there: a write that is refused brings what is.
 */
export class DynamoDbAlerts implements AlertStore {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly seen = new Recent<Seen>(mostRemembered);

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async get(id: string): Promise<Alert | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: keyAttributes({ partition: `alert#${id}`, sort: alone }), ConsistentRead: true }),
    );
    return alertIn(this.note(id, Item));
  }

  async update(id: string, change: (alert: Alert | undefined) => Alert): Promise<Alert> {
    let seen = this.seen.get(id) ?? nothing;
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const known = alertIn(seen);
      const alert = change(known);
      if (alert === known) return alert;
      const other = await this.replace(id, alert, seen.version);
      if (other === undefined) return alert;
      // What was remembered was merely old; who meets others again and again must not keep step with them.
      if (attempt > 0) await backOff(attempt);
      seen = other;
    }
    throw new Error(`alert ${id} was changed by others ${String(mostAttempts)} times in a row`);
  }

  /** Takes note of an item that came another way, unless a younger one is known: it saves a refused write. */
  remember(id: string, item: ItemText): void {
    const seen = seenIn(item);
    if (seen.version > (this.seen.get(id)?.version ?? 0)) this.seen.set(id, seen);
  }

  private note(id: string, item: Attributes | undefined): Seen {
    const seen = seenIn(item);
    this.seen.set(id, seen);
    return seen;
  }

  /** Stores an alert in place of a version; where that version is gone, what is there instead. */
  private async replace(id: string, alert: Alert, version: number): Promise<Seen | undefined> {
    const order = orderOf(alert);
    const Item: Attributes = {
      ...keyAttributes({ partition: `alert#${id}`, sort: alone }),
      [itemKind.attribute]: { S: itemKind.alert },
      [versionAttribute]: { N: String(version + 1) },
      [keys.expires]: { N: String(expiryOf(alert.lastSeen + keptDays * day)) },
      ...(order === undefined ? {} : { [orderAttribute]: { N: String(order.number) } }),
      [documentAttribute]: documentValue(fitAlert(alert)),
    };
    const put = new PutItemCommand({
      TableName: this.table,
      Item,
      ConditionExpression: version === 0 ? 'attribute_not_exists(#v)' : '#v = :v',
      ExpressionAttributeNames: { '#v': versionAttribute },
      ...(version === 0 ? {} : { ExpressionAttributeValues: { ':v': { N: String(version) } } }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await this.client.send(put);
      this.note(id, Item);
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return this.note(id, error.Item);
    }
  }
}

/** An item, as far as this class reads it: streams spell what else an item may hold in another way. */
export type ItemText = Readonly<Record<string, StoredDocument & { readonly N?: string | undefined }>>;

/** An item as a process saw it. */
interface Seen {
  /** 0 where it is not there. */
  readonly version: number;
  readonly document: string | undefined;
}

const nothing: Seen = { version: 0, document: undefined };

function seenIn(item: ItemText | undefined): Seen {
  return { version: Number(item?.[versionAttribute]?.N ?? 0), document: documentText(item?.[documentAttribute]) };
}

/** Written by this class alone, after a type check. */
function alertIn({ document }: Seen): Alert | undefined {
  return document === undefined ? undefined : (JSON.parse(document) as Alert);
}

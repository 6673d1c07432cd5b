import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { keys, settingsPartitions } from '../contract/tables.ts';
import type { Limits, OperatorLimit } from '../detect/operator-limit.ts';
import { parseJson } from '../model/json.ts';
import { minute, second } from '../model/time.ts';
import { limitFrom, suppressionFrom } from '../triage/decision.ts';
import type { Settings, Suppression } from '../triage/suppression.ts';
import { documentAttribute } from './dynamodb-item.ts';

/** A decision takes effect within this time, and so does its end. */
const remembered = 30 * second;
/** While the table cannot be read, what was read last holds for this long; then nothing is silenced. */
const believed = 10 * minute;
/** Nobody waits longer for what people decided: a judge goes on without. */
const patience = 2 * second;

/** Told of an item, by its id, that a person wrote and nobody can read, and of a partition that cannot be read at all. */
type Unreadable = (id: string, error?: unknown) => void;

/**
 * The settings table: one item a decision, its id the sort key, its JSON the document, in a partition for each of those
 * who read it. Readers remember; what cannot be read silences nothing, and is told.
 */
export class DynamoDbSettings implements Settings, Limits {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly silencing: Remembered<Suppression>;
  private readonly limiting: Remembered<OperatorLimit>;

  constructor(client: DynamoDBClient, table: string, unreadable: Unreadable, now: () => number = Date.now) {
    this.client = client;
    this.table = table;
    const partition = <T>(name: string, read: (id: string, json: unknown) => T | undefined): Remembered<T> =>
      new Remembered(name, () => this.readAll(name, read, unreadable), unreadable, now);
    this.silencing = partition(settingsPartitions.suppressions, suppressionFrom);
    this.limiting = partition(settingsPartitions.limits, limitFrom);
  }

  suppressions(): Promise<readonly Suppression[]> {
    return this.silencing.value();
  }

  limits(): Promise<readonly OperatorLimit[]> {
    return this.limiting.value();
  }

  private async readAll<T>(partition: string, read: (id: string, json: unknown) => T | undefined, unreadable: Unreadable): Promise<T[]> {
    const found: T[] = [];
    const query = {
      TableName: this.table,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': keys.partition },
      ExpressionAttributeValues: { ':pk': { S: partition } },
    };
    for await (const page of paginateQuery({ client: this.client }, query, { abortSignal: AbortSignal.timeout(patience) })) {
      for (const item of page.Items ?? []) {
        const id = item[keys.sort]?.S ?? '';
        const decision = read(id, parseJson(item[documentAttribute]?.S ?? ''));
        if (decision === undefined) unreadable(id);
        else found.push(decision);
      }
    }
    return found;
  }
}

/** What was read not long ago. Those who ask at once are answered by one reading. */
class Remembered<T> {
  private readonly name: string;
  private readonly read: () => Promise<readonly T[]>;
  private readonly unreadable: Unreadable;
  private readonly now: () => number;
  private known: readonly T[] = [];
  private readAt = -Infinity;
  private triedAt = -Infinity;
  private reading: Promise<readonly T[]> | undefined;

  constructor(name: string, read: () => Promise<readonly T[]>, unreadable: Unreadable, now: () => number) {
    this.name = name;
    this.read = read;
    this.unreadable = unreadable;
    this.now = now;
  }

  value(): Promise<readonly T[]> {
    const now = this.now();
    if (this.reading !== undefined) return this.reading;
    if (now - this.triedAt < remembered) return Promise.resolve(this.known);
    this.reading = this.refreshed(now).finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async refreshed(now: number): Promise<readonly T[]> {
    this.triedAt = now;
    try {
      this.known = await this.read();
      this.readAt = now;
    } catch (error) {
      this.unreadable(this.name, error);
      if (now - this.readAt >= believed) this.known = [];
    }
    return this.known;
  }
}

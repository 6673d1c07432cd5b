import { type DynamoDBClient, paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import { keys } from '../contract/tables.ts';
import {
  combine,
  type Consistency,
  type ListPart,
  type Merge,
  placeBefore,
  positionAfter,
  type Removal,
  type ScanPage,
  type ScanPart,
  type StateDocument,
  type StateItem,
  type StateStore,
} from '../state/store.ts';
import { type Attributes, readAll, writeAll } from './dynamodb-batch.ts';
import { replaceOlder, writeNew } from './dynamodb-conditional.ts';
import { documentValue, sizeOfDocument } from './dynamodb-document.ts';
import {
  documentAttribute,
  documentItem,
  documentOf,
  keyAttributes,
  keyOf,
  largestDocument,
  placeIn,
  stateItemOf,
} from './dynamodb-item.ts';
import { subtract, unite } from './dynamodb-union.ts';
import { inParallel } from './effort.ts';

/** Something the table could not hold: counted and told, never silently lost. */
export type Overflow = (what: { readonly key: string; readonly why: 'item-full' | 'document-too-large' }) => void;

/** The SDK's client holds 50 connections. Source: AWS SDK for JavaScript v3 developer guide, "Configure maxSockets". */
const writesAtOnce = 48;

/**
 * The state table on DynamoDB: one item per key, one attribute per set. `ADD` on string sets is the union that every
 * kind of memory rests on, so the SDK may retry it.
 */
export class DynamoDbState implements StateStore {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly overflow: Overflow;

  constructor(client: DynamoDBClient, table: string, overflow: Overflow) {
    this.client = client;
    this.table = table;
    this.overflow = overflow;
  }

  async read(wanted: readonly string[], consistency: Consistency): Promise<ReadonlyMap<string, StateItem>> {
    const distinct = [...new Set(wanted)].filter((key) => key !== '').map(keyOf);
    const items = (await readAll(this.client, this.table, distinct, consistency === 'strong')).map(stateItemOf);
    return new Map(items.map((item) => [item.key, item]));
  }

  async merge(merges: readonly Merge[]): Promise<ReadonlyMap<string, StateItem>> {
    const onFull = (key: string): void => {
      this.overflow({ key, why: 'item-full' });
    };
    const items = await inParallel(combine(merges), writesAtOnce, async (merge) =>
      stateItemOf(await unite(this.client, this.table, merge, onFull)),
    );
    return new Map(items.map((item) => [item.key, item]));
  }

  async remove(removals: readonly Removal[]): Promise<void> {
    await inParallel(removals, writesAtOnce, (removal) => subtract(this.client, this.table, removal));
  }

  async put(documents: readonly StateDocument[]): Promise<void> {
    // DynamoDB refuses a batch that writes one item twice: the last word counts, or the youngest generation.
    const distinct = new Map<string, StateDocument>();
    for (const document of documents) {
      const position = positionAfter(document);
      if ((distinct.get(position)?.generation ?? -Infinity) <= (document.generation ?? Infinity)) distinct.set(position, document);
    }
    const plain: Attributes[] = [];
    const generations: StateDocument[] = [];
    for (const document of distinct.values()) {
      if (sizeOfDocument(documentValue(document.document)) > largestDocument)
        this.overflow({ key: document.partition, why: 'document-too-large' });
      else if (document.generation === undefined) plain.push(documentItem(document));
      else generations.push(document);
    }
    await writeAll(this.client, this.table, plain);
    await inParallel(generations, writesAtOnce, (document) => replaceOlder(this.client, this.table, document));
  }

  async putNew(document: StateDocument): Promise<boolean> {
    return writeNew(this.client, this.table, document);
  }

  async list(partition: string, { from = '', consistency = 'strong' }: ListPart = {}): Promise<readonly StateDocument[]> {
    const documents: StateDocument[] = [];
    const query = {
      TableName: this.table,
      KeyConditionExpression: from === '' ? '#pk = :pk' : '#pk = :pk AND #sk >= :from',
      ExpressionAttributeNames: { '#pk': keys.partition, ...(from === '' ? {} : { '#sk': keys.sort }) },
      ExpressionAttributeValues: { ':pk': { S: partition }, ...(from === '' ? {} : { ':from': { S: from } }) },
      ConsistentRead: consistency === 'strong',
    };
    for await (const page of paginateQuery({ client: this.client }, query))
      documents.push(...(page.Items ?? []).flatMap((item) => documentOf(item) ?? []));
    return documents;
  }

  async *scan({ segment, of, from }: ScanPart): AsyncIterable<ScanPage> {
    const part = {
      TableName: this.table,
      Segment: segment,
      TotalSegments: of,
      FilterExpression: 'attribute_not_exists(#d)',
      ExpressionAttributeNames: { '#d': documentAttribute },
      ...(from === undefined ? {} : { ExclusiveStartKey: keyAttributes(placeBefore(from)) }),
    };
    for await (const { Items = [], LastEvaluatedKey: last } of paginateScan({ client: this.client }, part))
      yield { items: Items.map(stateItemOf), ...(last === undefined ? {} : { next: positionAfter(placeIn(last)) }) };
  }
}

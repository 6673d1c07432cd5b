import type { DynamoDBRecord, StreamRecord } from 'aws-lambda';
import { documentText } from '../shared/adapters/dynamodb-document.ts';
import { documentAttribute } from '../shared/adapters/dynamodb-item.ts';
import { itemKind, orderAttribute } from '../shared/contract/tables.ts';
import type { Alert } from '../shared/triage/alert.ts';
import type { Proof } from '../shared/model/proof.ts';
import type { FindingGroup } from '../shared/detect/finding-group.ts';

/** The group of findings that a record of the findings table's stream brings; absent where it tells of something else. */
export function findingGroupIn(record: DynamoDBRecord): FindingGroup | undefined {
  const document = record.eventName === 'INSERT' ? documentIn(record, itemKind.finding) : undefined;
  // Written by our own adapter.
  return document === undefined ? undefined : (JSON.parse(document) as FindingGroup);
}

/** An alert with the order to tell of it, and the item that it stands in. */
export interface Order {
  readonly alert: Alert;
  readonly item: NonNullable<StreamRecord['NewImage']>;
}

/** The order that a record brings; absent where it tells of something else, or of an order that an earlier record brought. */
export function orderIn({ eventName, dynamodb }: DynamoDBRecord): Order | undefined {
  const item = dynamodb?.NewImage;
  const number = item?.[orderAttribute]?.N;
  if (eventName === 'REMOVE' || item === undefined || number === undefined) return undefined;
  if (number === dynamodb?.OldImage?.[orderAttribute]?.N) return undefined;
  const document = documentIn({ dynamodb }, itemKind.alert);
  return document === undefined ? undefined : { alert: JSON.parse(document) as Alert, item };
}

/** The proof of life that a record brings, of either kind; absent where it tells of something else. */
export function proofIn(record: DynamoDBRecord, kind: string): Proof | undefined {
  const document = record.eventName === 'INSERT' ? documentIn(record, kind) : undefined;
  return document === undefined ? undefined : (JSON.parse(document) as Proof);
}

/** How Lambda names a record in a partial failure. Source: Lambda developer guide, "Configuring partial batch response". */
export function sequenceOf({ dynamodb }: DynamoDBRecord): string {
  return dynamodb?.SequenceNumber ?? '';
}

function documentIn({ dynamodb }: Pick<DynamoDBRecord, 'dynamodb'>, kind: string): string | undefined {
  const image = dynamodb?.NewImage;
  if (image?.[itemKind.attribute]?.S !== kind) return undefined;
  const document = documentText(image[documentAttribute]);
  if (document === undefined) throw new Error(`an item of kind ${kind} without a document`);
  return document;
}

import type { DynamoDBRecord } from 'aws-lambda';
import { itemKind } from '../shared/contract.ts';
import type { Alert } from '../shared/triage/alert.ts';
import type { FindingGroup } from '../shared/detect/finding-group.ts';

/** The group of findings that a record of the findings table's stream brings; absent where it tells of something else. */
export function findingGroupIn(record: DynamoDBRecord): FindingGroup | undefined {
  const document = record.eventName === 'INSERT' ? documentIn(record, itemKind.finding) : undefined;
  // Written by our own adapter.
  return document === undefined ? undefined : (JSON.parse(document) as FindingGroup);
}

/** The alert that a record brings, as it was then. */
export function alertIn(record: DynamoDBRecord): Alert | undefined {
  const document = record.eventName === 'REMOVE' ? undefined : documentIn(record, itemKind.alert);
  return document === undefined ? undefined : (JSON.parse(document) as Alert);
}

/** How Lambda names a record in a partial failure. Source: Lambda developer guide, "Configuring partial batch response". */
export function sequenceOf({ dynamodb }: DynamoDBRecord): string {
  return dynamodb?.SequenceNumber ?? '';
}

function documentIn({ dynamodb }: DynamoDBRecord, kind: string): string | undefined {
  const image = dynamodb?.NewImage;
  if (image?.[itemKind.attribute]?.S !== kind) return undefined;
  const document = image['document']?.S;
  if (document === undefined) throw new Error(`an item of kind ${kind} without a document`);
  return document;
}

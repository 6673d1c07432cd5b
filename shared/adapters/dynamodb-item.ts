import { keys } from '../contract/tables.ts';
import { alone, keyAt, type Place, placeOf, type StateDocument, type StateItem } from '../state/store.ts';
import type { Attributes } from './dynamodb-batch.ts';
import { documentText, documentValue } from './dynamodb-document.ts';

/** Attributes of sets are told from the table's own by this: a set may have any name. */
const setPrefix = 's:';
/** JSON of a value written whole. */
export const documentAttribute = 'document';
/** Milliseconds since the epoch: of two writers of a document the one with the younger generation wins. */
export const generationAttribute = 'generation';

/** DynamoDB takes items up to 400 KB, names included; the rest is for keys and what else an item has. */
export const largestDocument = 380_000;

/** The key attributes of what stands at a place. */
export function keyAttributes({ partition, sort }: Place): Attributes {
  return { [keys.partition]: { S: partition }, [keys.sort]: { S: sort } };
}

/** The key attributes of an item. */
export function keyOf(key: string): Attributes {
  return keyAttributes(placeOf(key));
}

/** The place that key attributes name. */
export function placeIn(attributes: Attributes): Place {
  return { partition: attributes[keys.partition]?.S ?? '', sort: attributes[keys.sort]?.S ?? alone };
}

/** The attribute that holds a set. */
export function setAttribute(name: string): string {
  return setPrefix + name;
}

/** The name of the set that an attribute holds; absent for other attributes. */
function setName(attribute: string): string | undefined {
  return attribute.startsWith(setPrefix) ? attribute.slice(setPrefix.length) : undefined;
}

/**
 * Members as a set of DynamoDB: each once, after the half characters that JSON allows and UTF-8 cannot say were
 * replaced, or two that become the same would make DynamoDB refuse the request.
 */
export function membersOf(members: Iterable<string>): string[] {
  return [...new Set([...members].map((member) => member.toWellFormed()))];
}

/** Time to live in whole days, rounded up: most writes to an item then agree on it. Unit: seconds since the epoch. */
export function expiryOf(time: number): number {
  const day = 86_400;
  return Math.ceil(time / 1_000 / day) * day;
}

/** An item of the state table as its readers know it. */
export function stateItemOf(attributes: Attributes): StateItem {
  const sets = new Map<string, ReadonlySet<string>>();
  for (const [attribute, value] of Object.entries(attributes)) {
    const name = setName(attribute);
    if (name !== undefined && value.SS !== undefined) sets.set(name, new Set(value.SS));
  }
  const document = documentText(attributes[documentAttribute]);
  const { partition, sort } = placeIn(attributes);
  return { key: keyAt(partition, sort), sets, ...(document === undefined ? {} : { document }) };
}

/** A document as an item. */
export function documentItem({ expires, document, ...place }: StateDocument): Attributes {
  return { ...keyAttributes(place), [keys.expires]: { N: String(expiryOf(expires)) }, [documentAttribute]: documentValue(document) };
}

/** An item as a document; absent where it holds sets. */
export function documentOf(attributes: Attributes): StateDocument | undefined {
  const document = documentText(attributes[documentAttribute]);
  if (document === undefined) return undefined;
  const generation = attributes[generationAttribute]?.N;
  return {
    ...placeIn(attributes),
    document,
    expires: Number(attributes[keys.expires]?.N ?? 0) * 1_000,
    ...(generation === undefined ? {} : { generation: Number(generation) }),
  };
}

/** Whether DynamoDB refused a write because the item would be too large. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationException' && /item size/i.test(error.message);
}

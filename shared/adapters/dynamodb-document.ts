import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** Up to so many characters a document is a write unit either way, and stays legible in the table. */
const legible = 500;
/** A document may inflate to so much: what lies in the table is not believed blindly. */
const largestText = 32 * 1024 * 1024;

/** A document as the value of an attribute: compressed where that saves units. */
export function documentValue(document: string): AttributeValue.SMember | AttributeValue.BMember {
  return document.length <= legible ? { S: document } : { B: deflateRawSync(document) };
}

/** Bytes of the value of a document. */
export function sizeOfDocument({ S, B }: AttributeValue): number {
  return B?.length ?? Buffer.byteLength(S ?? '');
}

/** The value of a document as it was read: a stream spells bytes in base64. */
export interface StoredDocument {
  readonly S?: string | undefined;
  readonly B?: Uint8Array | string | undefined;
}

/** The document in the value of an attribute; absent where it is none. */
export function documentText(value: StoredDocument | undefined): string | undefined {
  if (value?.B === undefined) return value?.S;
  const bytes = typeof value.B === 'string' ? Buffer.from(value.B, 'base64') : value.B;
  try {
    return inflateRawSync(bytes, { maxOutputLength: largestText }).toString('utf8');
  } catch {
    return undefined;
  }
}

import { gunzipSync } from 'node:zlib';
import { UnusableList } from './unusable.ts';

/** Bytes that a list may have, once inflated: tables of all the internet's routes have some fifty million. */
const mostBytes = 256 * 1024 * 1024;

/** The text of a list as it came, plain or compressed by gzip. Throws {@link UnusableList} on one that is too large or cut short. */
export function listText(bytes: Uint8Array): string {
  return Buffer.from(inflated(bytes)).toString('utf8');
}

function inflated(bytes: Uint8Array): Uint8Array {
  if (bytes.length > mostBytes) throw new UnusableList(`it has more than ${String(mostBytes)} bytes`);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch {
    throw new UnusableList(`it is compressed, and damaged or larger than ${String(mostBytes)} bytes`);
  }
}

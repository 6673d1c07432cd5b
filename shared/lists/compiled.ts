import type { ListKind } from '../contract/site.ts';
import type { AddressList, AutonomousSystem } from '../model/listed.ts';
import { type RangeColumns, RangeMap } from '../model/range-map.ts';

/** A list as it is kept: with what its source called this version, so that the same one is not fetched again. */
export interface CompiledList extends AddressList {
  /** The version's tag in S3. */
  readonly version?: string;
}

/** What the head of a compiled file says of one list; the columns follow in the same order. */
interface Head {
  readonly name: string;
  readonly kind: ListKind;
  readonly asOf?: number;
  readonly version?: string;
  readonly systems: readonly (readonly [number: number, name: string])[];
  /** Words in each column. */
  readonly columns: readonly number[];
}

const magic = 'plimsoll lists 1';
const wordBytes = 4;

/** Lists as bytes: a head in JSON, then all columns as they stand in memory, so that to read them is to look at them. */
export function encodeLists(lists: readonly CompiledList[]): Uint8Array {
  const heads = lists.map(({ name, kind, asOf, version, systems, ranges }): Head => ({
    name,
    kind,
    ...(asOf === undefined ? {} : { asOf }),
    ...(version === undefined ? {} : { version }),
    systems: systems.map((system) => [system.number, system.name]),
    columns: columnsOf(ranges).map(({ length }) => length),
  }));
  const head = Buffer.from(JSON.stringify(heads));
  const padding = Buffer.alloc((wordBytes - (head.length % wordBytes)) % wordBytes, ' ');
  const length = Buffer.alloc(wordBytes);
  length.writeUInt32LE(head.length + padding.length);
  const columns = lists.flatMap(({ ranges }) => columnsOf(ranges).map(bytesOf));
  return Buffer.concat([Buffer.from(magic), length, head, padding, ...columns]);
}

/** Bytes are no compiled lists, or those of another version of this product. */
export class NotCompiled extends Error {}

/** The lists in bytes that {@link encodeLists} made. Throws {@link NotCompiled} on others. */
export function decodeLists(bytes: Uint8Array): CompiledList[] {
  try {
    return decoded(bytes);
  } catch (error) {
    throw new NotCompiled('these are no compiled lists of addresses', { cause: error });
  }
}

function decoded(bytes: Uint8Array): CompiledList[] {
  // Words must lie on their boundaries: what a network or a file hands over may not.
  const whole = new Uint8Array(bytes);
  const begin = magic.length + wordBytes;
  if (Buffer.from(whole.subarray(0, magic.length)).toString('latin1') !== magic) throw new Error('they begin otherwise');
  const headLength = new DataView(whole.buffer).getUint32(magic.length, true);
  const heads = JSON.parse(Buffer.from(whole.subarray(begin, begin + headLength)).toString()) as readonly Head[];
  let at = begin + headLength;
  const column = (words: number): Uint32Array => {
    const values = new Uint32Array(whole.buffer, at, words);
    at += words * wordBytes;
    return values;
  };
  return heads.map(({ systems, columns, ...head }) => {
    const [v4Firsts, v4Lasts, v4Values, v6Firsts, v6Lasts, v6Values] = columns.map(column);
    const v4 = range(v4Firsts, v4Lasts, v4Values);
    const v6 = range(v6Firsts, v6Lasts, v6Values);
    return { ...head, systems: systems.map(([number, name]): AutonomousSystem => ({ number, name })), ranges: new RangeMap(v4, v6) };
  });
}

function columnsOf({ v4, v6 }: RangeMap): Uint32Array[] {
  return [v4, v6].flatMap(({ firsts, lasts, values }) => [firsts, lasts, values]);
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function range(
  firsts: Uint32Array = new Uint32Array(),
  lasts: Uint32Array = new Uint32Array(),
  values: Uint32Array = new Uint32Array(),
): RangeColumns {
  return { firsts, lasts, values };
}

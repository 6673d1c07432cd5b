import { hash } from 'node:crypto';

/**
 * The first `length` base64url characters (6 bits each) of SHA-256 over the parts. Parts are joined by a line
 * feed with their own line feeds doubled, so different lists of parts never meet in one text.
 */
export function digest(length: number, parts: readonly string[]): string {
  const text = parts.map((part) => (part.includes('\n') ? part.replaceAll('\n', '\n\n') : part)).join('\n \n');
  return hash('sha256', text, 'base64url').slice(0, length);
}

/** The same over numbers and a text. */
export function digestOfNumbers(length: number, numbers: readonly number[], text: string): string {
  const most = 8 * numbers.length + 3 * text.length;
  if (room.length < most) room = Buffer.alloc(2 * most);
  new Float64Array(room.buffer, 0, numbers.length).set(numbers);
  const end = 8 * numbers.length + room.write(text, 8 * numbers.length);
  return hash('blake2b512', room.subarray(0, end), 'base64url').slice(0, length);
}

/** Where numbers and text stand one after the other: one room serves all. */
let room = Buffer.alloc(1 << 16);

/** Characters of an identifier: 96 bits, out of reach of a chosen collision. */
export const identifierLength = 16;

/** Characters of a member in a counting window: 48 bits, enough that thousands do not meet by chance. */
export const memberLength = 8;

/** 32 bits over a text (FNV-1a): to tell things apart that nobody gains by confusing, or many of them at a time. */
export function hashOf(text: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return sum >>> 0;
}

import { gunzipSync, inflateSync } from 'node:zlib';

/** Long enough to carry a command, in the alphabet of base64 or hex. */
const encoded = /[A-Za-z0-9+/_-]{8,}={0,2}/g;
/** Bytes in hex one by one or in groups, as `xxd` and `od` write and take them. */
const spacedHex = /(?:\b(?:[0-9a-f]{2}){1,4}[ ,:]){4,}[0-9a-f]{2,8}\b/gi;
/** Bytes as numbers: `[99, 97, 116]`, `chr(99)+chr(97)`, `0x63,0x61`. */
const number = String.raw`(?:chr\()?(?:0x[0-9a-f]{2}|\d{2,3})\)?`;
const numbers = new RegExp(String.raw`${number}(?:[\s,.+]{1,6}${number}){3,}`, 'gi');
const percent = /(?:%[0-9a-f]{2}[^\s%]{0,64}){2,}/gi;

/** Everything in a text that decodes to something legible: base64, hexadecimal, numbers, percent signs. */
export function decodedParts(text: string): readonly string[] {
  // Base64 in lines of 76 characters is one text.
  const unfolded = text.replace(/(?<=[A-Za-z0-9+/]{60})[ \n]/g, '');
  const parts: Buffer[] = [];
  for (const [part] of [...text.matchAll(encoded), ...(unfolded === text ? [] : unfolded.matchAll(encoded))]) {
    parts.push(Buffer.from(part, 'base64'));
    if (/^(?:[0-9a-f]{2})+$/i.test(part)) parts.push(Buffer.from(part, 'hex'));
  }
  for (const [part] of text.matchAll(spacedHex)) parts.push(Buffer.from(part.replace(/[ ,:]/g, ''), 'hex'));
  for (const [part] of text.matchAll(numbers)) {
    parts.push(Buffer.from((part.match(/0x[0-9a-f]{2}|\d{2,3}/gi) ?? []).map((digits) => Number(digits) & 0xff)));
  }
  const legibleParts = parts.map(legible).filter(Boolean);
  return [...legibleParts, ...[...text.matchAll(percent)].map(([part]) => fromPercent(part))];
}

function fromPercent(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** Bytes as text where they are mostly text: a stray byte in a comment must not hide the rest. */
function legible(bytes: Buffer): string {
  const text = decoded(inflated(bytes));
  const plain = text.replace(/[^\t\n\r\x20-\x7e]/g, '');
  return plain.length >= 4 && plain.length >= 0.8 * text.length ? plain : '';
}

/** PowerShell encodes its commands in UTF-16. */
function decoded(bytes: Buffer): string {
  const wide = bytes.length >= 8 && bytes[1] === 0 && bytes[3] === 0 && bytes[5] === 0;
  return bytes.toString(wide ? 'utf16le' : 'latin1');
}

/** Longest text that compressed bytes may become. */
const longestInflated = 32_768;

/** `base64 -d | gunzip` and Python's `zlib.decompress`. */
function inflated(bytes: Buffer): Buffer {
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const zlib = bytes[0] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[1] ?? -1);
  if (!gzip && !zlib) return bytes;
  try {
    return (gzip ? gunzipSync : inflateSync)(bytes, { maxOutputLength: longestInflated });
  } catch {
    return bytes;
  }
}

/** `rev`, `reverse` and `[::-1]` turn a line around. */
export function mirrored(text: string): string {
  return /\brev\b|reverse|strrev|\[::-1\]/.test(text) ? Array.from(text).reverse().join('') : '';
}

/** Strings that a script puts together: `'ca' + "t"`, `"ca"."t"`, `'ca' 't'`. */
export function joined(text: string): string {
  const glued = text.replace(/['"]\s{0,8}[+.]?\s{0,8}['"]/g, '');
  return glued === text ? '' : glued;
}

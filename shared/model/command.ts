import { gunzipSync } from 'node:zlib';
import { undisguise } from './shell-text.ts';

/** What an exec, attach or workload runs, with every reading of it that an obfuscated form hides. */
export interface Command {
  /** Arguments as sent. */
  readonly argv: readonly string[];
  readonly container: string;
  /** A terminal with input: what is typed later is never logged. */
  readonly interactive: boolean;
  /** Lower-cased texts to search: as sent, without shell disguises, and with encoded parts decoded. */
  readonly readings: readonly string[];
  /** Longer than what is searched: the rest hides from every reading. */
  readonly overlong: boolean;
}

/** Longest text that is searched. Padding a command beyond it is possible, and told by `overlong`. */
const longestText = 32_768;
/** How often an encoding may hide another one. */
const deepestEncoding = 4;

/** The command of an exec or attach request: it stands in the URI only, as repeated `command` parameters. */
export function commandOf(uri: string): Command {
  const start = uri.indexOf('?');
  const query = new URLSearchParams(start < 0 ? '' : uri.slice(start + 1));
  return describeCommand(query.getAll('command'), query.get('container') ?? '', isTrue(query.get('tty')) && isTrue(query.get('stdin')));
}

/** A command from its arguments. */
export function describeCommand(argv: readonly string[], container = '', interactive = false): Command {
  const sent = argv.join(' ');
  return { argv, container, interactive, readings: readingsOf(sent.slice(0, longestText)), overlong: sent.length > longestText };
}

/** The spellings that the API server takes for true. Source: kubernetes/apimachinery, `pkg/runtime/converter.go`, `Convert_Slice_string_To_bool`. */
function isTrue(value: string | null): boolean {
  return value !== null && !['', '0', 'false'].includes(value.toLowerCase());
}

/**
 * The text, the text as a shell reads it, and both again for whatever is encoded in either. All encoded parts of a
 * text make one text together, so the work is bounded by depth and length and not by how many parts there are.
 */
function readingsOf(sent: string): readonly string[] {
  const readings = new Set<string>();
  let layer = [sent];
  for (let depth = 0; depth < deepestEncoding && layer.length > 0; depth++) {
    const shown = layer
      .flatMap((text) => [text, undisguise(text).slice(0, longestText)])
      .filter((text) => text !== '' && !readings.has(text));
    for (const text of shown) readings.add(text);
    const hidden = [...shown.map(decoded), ...shown.map(mirrored)].map((text) => text.slice(0, longestText));
    layer = [...new Set(hidden)].filter((text) => text !== '');
  }
  return [...new Set([...readings].map((reading) => reading.toLowerCase()))];
}

/** Long enough to carry a command, in the alphabet of base64 or hex. */
const encoded = /[A-Za-z0-9+/_-]{12,}={0,2}/g;
/** Bytes in hex one by one, as `xxd -p` and `od` take them. */
const spacedHex = /(?:\b[0-9a-f]{2}[ ,:]){6,}[0-9a-f]{2}\b/gi;

function decoded(text: string): string {
  // Base64 in lines of 76 characters is one text.
  const unfolded = text.replace(/(?<=[A-Za-z0-9+/]{60})[ \n]/g, '');
  const parts: Buffer[] = [];
  for (const [part] of [...text.matchAll(encoded), ...(unfolded === text ? [] : unfolded.matchAll(encoded))]) {
    parts.push(Buffer.from(part, 'base64'));
    if (/^(?:[0-9a-f]{2})+$/i.test(part)) parts.push(Buffer.from(part, 'hex'));
  }
  for (const [part] of text.matchAll(spacedHex)) parts.push(Buffer.from(part.replace(/[ ,:]/g, ''), 'hex'));
  return parts.map(legible).filter(Boolean).join('\n');
}

/** Bytes as text where they are mostly text: a stray byte in a comment must not hide the rest. */
function legible(bytes: Buffer): string {
  const text = inflated(bytes).toString('latin1');
  const plain = text.replace(/[^\t\n\r\x20-\x7e]/g, '');
  return plain.length >= 4 && plain.length >= 0.8 * text.length ? plain : '';
}

/** `base64 -d | gunzip`. */
function inflated(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: longestText });
  } catch {
    return bytes;
  }
}

/** `rev` turns a line around. */
function mirrored(text: string): string {
  return /\brev\b/.test(text) ? Array.from(text).reverse().join('') : '';
}

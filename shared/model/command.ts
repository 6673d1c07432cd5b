/** What an exec, attach or workload runs, with every reading of it that an obfuscated form hides. */
export interface Command {
  /** Arguments as sent. */
  readonly argv: readonly string[];
  readonly container: string;
  /** A terminal with input: what is typed later is never logged. */
  readonly interactive: boolean;
  /** Lower-cased texts to search: as sent, without shell disguises, and with encoded parts decoded. */
  readonly readings: readonly string[];
}

/** Longest text that is searched: the rest of a longer command is padding. */
const longestText = 8_192;
/** Decoded texts kept, so that nested encodings cannot multiply. */
const mostReadings = 12;

/** The command of an exec or attach request: it stands in the URI only, as repeated `command` parameters. */
export function commandOf(uri: string): Command {
  const query = new URLSearchParams(uri.slice(uri.indexOf('?') + 1));
  return describeCommand(
    query.getAll('command'),
    query.get('container') ?? '',
    query.get('tty') === 'true' && query.get('stdin') === 'true',
  );
}

/** A command from its arguments. */
export function describeCommand(argv: readonly string[], container = '', interactive = false): Command {
  return { argv, container, interactive, readings: readingsOf(argv.join(' ').slice(0, longestText)) };
}

function readingsOf(sent: string): readonly string[] {
  const readings = new Set<string>();
  const queue = [sent];
  for (let text = queue.shift(); text !== undefined && readings.size < mostReadings; text = queue.shift()) {
    if (text === '' || readings.has(text)) continue;
    readings.add(text);
    queue.push(undisguise(text), ...decodedParts(text));
  }
  return [...new Set([...readings].map((reading) => reading.toLowerCase()))];
}

/** The text as a shell would read it: `$IFS` is a space, quotes and lone backslashes vanish, `\x2f` and `\057` are characters. */
function undisguise(text: string): string {
  return text
    .replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\\0?([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
    .replace(/\$\{?IFS(?:%\?\?)?\}?(?:\$\d)?/g, ' ')
    .replace(/\$@|\$\*/g, '')
    .replace(/\$'|['"\\]/g, '')
    .replace(/\s+/g, ' ')
    .slice(0, longestText);
}

/** Long enough to carry a command, in the alphabet of base64 or hex. */
const encoded = /[A-Za-z0-9+/_-]{16,}={0,2}/g;
const printable = /^[\t\n\r\x20-\x7e]+$/;

function decodedParts(text: string): readonly string[] {
  const parts: string[] = [];
  for (const [part] of text.matchAll(encoded)) {
    const decodings = [Buffer.from(part, 'base64'), ...(/^(?:[0-9a-f]{2})+$/i.test(part) ? [Buffer.from(part, 'hex')] : [])];
    parts.push(...decodings.map((bytes) => bytes.toString('utf8')).filter((decoded) => decoded.length >= 4 && printable.test(decoded)));
  }
  return parts;
}

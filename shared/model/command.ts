import { decodedParts, joined, mirrored } from './encoded-text.ts';
import { fromFolders } from './shell-folder.ts';
import { characters, undisguise, withControls } from './shell-text.ts';

/** What an exec, attach or workload runs, with every reading of it that an obfuscated form hides. */
export interface Command {
  /** Arguments as sent. */
  readonly argv: readonly string[];
  readonly container: string;
  /** A terminal with input: what is typed later is never logged. */
  readonly interactive: boolean;
  /** With input, typed or from a file: what it says is never logged. */
  readonly fed: boolean;
  /** Lower-cased texts to search: as sent, without shell disguises, and with encoded parts decoded. */
  readonly readings: readonly string[];
  /** Longer than what is searched: the rest hides from every reading. */
  readonly overlong: boolean;
}

/** Longest text that is searched. Padding a command beyond it is possible, and told by `overlong`. */
const longestText = 32_768;
const longestLayer = 2 * longestText;
/** How often an encoding may hide another one, the text as sent included. */
const deepestEncoding = 5;
/** How deep strings are joined and turned around: each of these steps can double the text. */
const deepestSpelling = 2;

/** The command of an exec or attach request: it stands in the URI only, as repeated `command` parameters. */
export function commandOf(uri: string): Command {
  const start = uri.indexOf('?');
  const query = new URLSearchParams(start < 0 ? '' : uri.slice(start + 1));
  const fed = isTrue(query.get('stdin'));
  return describeCommand(query.getAll('command'), {
    container: query.get('container') ?? '',
    fed,
    interactive: fed && isTrue(query.get('tty')),
  });
}

/** A command from its arguments. */
export function describeCommand(
  argv: readonly string[],
  { container = '', interactive = false, fed = false }: { container?: string; interactive?: boolean; fed?: boolean } = {},
): Command {
  const sent = argv.join(' ');
  const texts = [...new Set([sent, withPositions(argv)])];
  const readings = readingsOf(texts.map((text) => text.slice(0, longestText)));
  return { argv, container, interactive, fed, readings, overlong: texts.some(({ length }) => length > longestText) };
}

/** `sh -c 'cat /etc/"$0"' shadow`: arguments after the script are its positional parameters. */
function withPositions(argv: readonly string[]): string {
  const script = argv.findIndex((_, at) => /^-\w{0,4}c$/.test(argv[at - 1] ?? ''));
  if (script < 0) return argv.join(' ');
  const positions = argv.slice(script + 1).map((argument) => argument.slice(0, longestPosition));
  const filled = (argv[script] ?? '')
    .slice(0, longestText)
    .replace(/\$\{?(\d)\}?/g, (_, position: string) => positions[Number(position)] ?? '');
  return [...argv.slice(0, script), filled].join(' ');
}

/** Longest positional parameter that is filled in. */
const longestPosition = 512;

/** The spellings that the API server takes for true. Source: kubernetes/apimachinery, `pkg/runtime/converter.go`, `Convert_Slice_string_To_bool`. */
function isTrue(value: string | null): boolean {
  return value !== null && !['', '0', 'false'].includes(value.toLowerCase());
}

/**
 * The text, the text as a shell reads it, and the same for whatever is encoded in either. All that is encoded in the
 * texts of one layer makes one text together, so the work is bounded by depth and length and not by how many parts
 * there are. What is decoded comes first: what is cut off can only be a text mirrored or glued once more.
 */
function readingsOf(sent: readonly string[]): readonly string[] {
  const readings = new Set<string>();
  let layer = sent;
  for (let depth = 0; depth < deepestEncoding && layer.length > 0; depth++) {
    const shown = new Set(layer.flatMap(ways).filter((text) => text !== '' && !readings.has(text)));
    for (const text of shown) readings.add(text);
    const texts = [...shown];
    const respelled = depth < deepestSpelling ? [...texts.map(joined), ...texts.map(mirrored)] : [];
    const hidden = new Set([...texts.flatMap(decodedParts), ...respelled]);
    layer = [[...hidden].filter(Boolean).join('\n').slice(0, longestLayer)].filter(Boolean);
  }
  return [...new Set([...readings].map((reading) => reading.toLowerCase()))];
}

/**
 * A text as it stands and as a shell reads it; what escapes mean depends on who reads them, and what they hide in
 * quotes may be signs that mean something to the shell outside of them.
 */
function ways(text: string): readonly string[] {
  const plain = undisguise(text);
  return [text, characters(text), plain, undisguise(withControls(text)), fromFolders(plain)].map((way) => way.slice(0, longestLayer));
}

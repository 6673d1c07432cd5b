import { parseJson, text } from './json.ts';

/** One `key=value`, the value bare or between quotes; sticky, so that pairs are read one after another and nothing between them is passed over. */
const pair = /([A-Za-z_][\w.-]*)=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s"]*))(?: |$)/y;

/**
 * Reads a line of `key=value` pairs; absent where it is anything else. Values between quotes may hold what looks like
 * further pairs: they are one value all the same. The first of two equal keys counts: a log's own fields come first.
 */
export function parseLogfmt(line: string): ReadonlyMap<string, string> | undefined {
  const pairs = new Map<string, string>();
  let position = 0;
  while (position < line.length) {
    pair.lastIndex = position;
    const match = pair.exec(line);
    if (match === null) return undefined;
    const [, key = '', quoted, bare = ''] = match;
    if (!pairs.has(key)) pairs.set(key, quoted === undefined ? bare : unquoted(quoted));
    position = pair.lastIndex;
  }
  return pairs.size === 0 ? undefined : pairs;
}

/** The text a Go string literal stands for. JSON knows all of its escapes but two; what is neither stays as it is. */
function unquoted(literal: string): string {
  if (!literal.includes('\\')) return literal;
  const json = literal.replace(/\\(?:x([0-9a-f]{2})|([av])|(.))/gs, (escape, hex?: string, control?: string) => {
    if (hex !== undefined) return `\\u00${hex}`;
    return control === undefined ? escape : control === 'a' ? '\\u0007' : '\\u000b';
  });
  return text(parseJson(`"${json}"`)) ?? literal;
}

/*
 * Patterns that people write: `*` stands for any run of characters, `\*` for a star and `\\` for a backslash. They are
 * held against ids that others chose; an id is text and nothing in it is special.
 */

/** Whether a text matches a pattern: linear, whatever the text. */
export function matches(pattern: string, text: string): boolean {
  const parts = literalsOf(pattern);
  const first = parts.shift() ?? '';
  const last = parts.pop();
  if (last === undefined) return first === text;
  if (!text.startsWith(first) || !text.slice(first.length).endsWith(last)) return false;
  let rest = text.slice(first.length, text.length - last.length);
  for (const part of parts) {
    const found = rest.indexOf(part);
    if (found < 0) return false;
    rest = rest.slice(found + part.length);
  }
  return true;
}

/** The pattern that matches a text and nothing else: an id that somebody else chose may hold stars. */
export function exactly(text: string): string {
  return text.replace(/[\\*]/g, '\\$&');
}

/** Whether a pattern matches every text. */
export function matchesAll(pattern: string): boolean {
  return /^\*+$/.test(pattern);
}

/** Characters of a pattern that stand for themselves: the more, the closer it describes. */
export function closeness(pattern: string): number {
  return literalsOf(pattern).reduce((sum, literal) => sum + literal.length, 0);
}

/** What stands between the stars. */
function literalsOf(pattern: string): string[] {
  if (!pattern.includes('\\')) return pattern.split('*');
  const parts: string[] = [];
  let literal = '';
  for (const [token] of pattern.matchAll(/\\[\\*]|[^]/g)) {
    if (token === '*') {
      parts.push(literal);
      literal = '';
    } else literal += token.length === 2 && token.startsWith('\\') ? token.slice(1) : token;
  }
  return [...parts, literal];
}

/** A regular expression that matches a text and nothing else. */
export function exactly(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** A regular expression that matches any of some texts. */
export function anyOf(texts: Iterable<string>): string {
  return `(?:${[...new Set(texts)].sort().map(exactly).join('|')})`;
}

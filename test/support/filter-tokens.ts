const token =
  /\s*(?:(&&|\|\||[()]|!=|<=|>=|[=<>])|("[^"]*")|(%[^%]*%)|(\$(?:\.\['[^']+'\]|\.\*|\.[\w-]+|\[(?:\d+|\*)\])+)|([\w.*:/@-]+))\s*/y;

/** The tokens of a filter pattern on JSON: operators, texts in quotes, expressions between per cents, selectors, words. */
export function tokensOf(pattern: string): readonly string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  for (let at = 0; at < pattern.length; at = token.lastIndex) {
    token.lastIndex = at;
    const kinds: readonly (string | undefined)[] = token.exec(pattern)?.slice(1) ?? [];
    const found = kinds.find((kind) => kind !== undefined);
    if (found === undefined) throw new Error(`not a filter pattern from here: ${pattern.slice(at, at + 40)}`);
    tokens.push(found);
  }
  return tokens;
}

/** Longest piece of foreign text in a sentence: names are the attacker's to choose, and to fill a screen with. */
const longest = 120;

/** Foreign text cut to what a sentence can carry, on one line. */
export function shorten(text: string, most: number = longest): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

/** Some members of a list, and how many more there are. */
export function some(members: readonly string[], most = 3): string {
  const shown = members.slice(0, most).map((member) => shorten(member, 4 * longest));
  const rest = members.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${String(rest)} more` : shown.join(', ');
}

/** Assignments that are followed: more than a person writes. */
const mostVariables = 32;
/** Longest value that is filled in. */
const longestValue = 512;
/** A text that grows beyond this by filling in values is left as it is from there: `a=$a$a` must not grow without end. */
const longestText = 65_536;

const assignment =
  /(?:^|[\s;&|("'])([A-Za-z_]\w{0,31})=(?:'([^']{0,512})'|"([^"`]{0,512})"|((?:[^\s;&|"'`()]|\$\{[^}\s]{1,64}\}){0,512}))(?=$|[\s;&|)"'])/g;
const expansion = /\$(?:\{([A-Za-z_]\w{0,31})((?:[:/%#^,=+-][^}]{0,128})?)\}|([A-Za-z_]\w{0,31}))/g;

/**
 * Fills in variables that the text itself sets, `a=/etc/sha;cat ${a}dow`, also by parts (`${a:1}`, `${a/x/y}`) and by
 * default (`${x:-cat}`). What the text does not set vanishes inside a word, where it can only be a disguise.
 */
export function withVariables(text: string): string {
  if (!text.includes('$')) return text;
  const values = new Map<string, string>();
  for (const [, name = '', single, double, bare] of text.matchAll(assignment)) {
    if (values.size >= mostVariables) break;
    const value = single ?? double ?? bare ?? '';
    values.set(name, single === undefined ? filled(value, values, longestValue) : value);
  }
  return filled(text, values, longestText);
}

function filled(text: string, values: ReadonlyMap<string, string>, room: number): string {
  let left = room - text.length;
  return text.replace(
    expansion,
    (whole, braced: string | undefined, operation: string | undefined, bare: string | undefined, at: number) => {
      const value = values.get(braced ?? bare ?? '');
      const result = (value === undefined ? unset(whole, operation, text, at) : part(value, operation)) ?? whole;
      left -= result.length;
      return left < 0 ? whole : result;
    },
  );
}

/** A default, or nothing inside a word; elsewhere the name itself may be what matters. */
function unset(whole: string, operation: string | undefined, text: string, at: number): string | undefined {
  const word = /^:?[-=](.*)$/s.exec(operation ?? '')?.[1];
  if (word !== undefined) return word;
  const inWord = /[\w/'"\\]/.test(text[at - 1] ?? '') && /[\w'"\\$]/.test(text[at + whole.length] ?? '');
  return inWord ? '' : undefined;
}

function part(value: string, operation: string | undefined): string {
  const slice = /^:\s?(\d{1,3})(?::(\d{1,3}))?$/.exec(operation ?? '');
  if (slice !== null) {
    const from = Number(slice[1]);
    return value.slice(from, slice[2] === undefined ? undefined : from + Number(slice[2]));
  }
  const change = /^(\/\/?)([^/]{1,64})(?:\/(.{0,64}))?$/s.exec(operation ?? '');
  if (change === null) return value;
  const [, all, from = '', to = ''] = change;
  // A function, because `$` in a replacement text has a meaning.
  return all === '//' ? value.replaceAll(from, () => to) : value.replace(from, () => to);
}

import { list, object, parseJson, text, texts } from '../model/json.ts';

/** A list of flat maps, as read from YAML. */
export interface FlatMaps {
  /** Values by key in lower case: one for a scalar, several for a list. */
  readonly maps: readonly ReadonlyMap<string, readonly string[]>[];
  /** Members that are scalars and no maps. */
  readonly plain: readonly string[];
  /** Lines that are laid out otherwise: what they say is not known. */
  readonly unread: number;
}

/** Lines and characters looked at: a ConfigMap holds a mebibyte at most, and tools write some dozens of lines. */
const longest = 300_000;

/** A comment ends where YAML sees the next line, not where an editor does. Source: YAML 1.1, section 4.1.4. */
const lineBreak = /\r\n?|[\n\u0085\u2028\u2029]/;

/**
 * Reads the shape of YAML that `aws-auth` has: a list of maps whose values are scalars or lists of scalars, in block or
 * in flow style. JSON is YAML, too. What YAML can say beyond that (anchors, tags, blocks of text) is counted as unread.
 */
export function flatMaps(yaml: string): FlatMaps {
  const whole = parseJson(yaml);
  if (Array.isArray(whole)) return fromJson(whole);
  const reader = new Reader();
  const lines = yaml.slice(0, longest).split(lineBreak);
  for (const line of lines) reader.read(line);
  return { maps: reader.maps, plain: reader.plain, unread: reader.unread + (yaml.length > longest ? 1 : 0) };
}

function fromJson(members: readonly unknown[]): FlatMaps {
  const maps = members.flatMap((member) => {
    const map = object(member);
    if (map === undefined) return [];
    const read = new Map<string, string[]>();
    for (const [key, value] of Object.entries(map)) membersOf(read, key).push(...texts(Array.isArray(value) ? value : [value]));
    return [read];
  });
  const plain = list(members).flatMap((member) => text(member) ?? (typeof member === 'number' ? [String(member)] : []));
  return { maps, plain, unread: members.length - maps.length - plain.length };
}

/** `key: value`, the key bare or quoted. */
const pair = /^["']?([A-Za-z]{1,40})["']?\s*:(?:\s+(.*))?$/;

/** Readers do not agree which of two equal keys counts: both do here. */
function membersOf(map: Map<string, string[]>, key: string): string[] {
  const members = map.get(key.toLowerCase()) ?? [];
  map.set(key.toLowerCase(), members);
  return members;
}

/** Takes the lines in order. */
class Reader {
  readonly maps: Map<string, string[]>[] = [];
  readonly plain: string[] = [];
  unread = 0;
  /** The list inside a map that is being read, and the column of its key: its members stand there or further in. */
  private open: { readonly members: string[]; readonly column: number } | undefined;

  read(line: string): void {
    const content = withoutComment(line.trimEnd());
    const indent = content.search(/\S/);
    if (indent < 0 || content === '---' || content === '[]') return;
    const rest = content.slice(indent);
    if (rest === '-' || rest.startsWith('- ')) {
      const member = rest.slice(1).trim();
      if (this.open !== undefined && indent >= this.open.column) {
        this.add(this.open.members, member);
        return;
      }
      this.open = undefined;
      if (member !== '' && !pair.test(member) && !member.startsWith('{')) {
        this.add(this.plain, member);
        return;
      }
      this.maps.push(new Map());
      if (member === '') return;
      this.entry(member, content.indexOf(member, indent + 1));
      return;
    }
    this.entry(rest, indent);
  }

  private entry(entry: string, column: number): void {
    const map = this.maps.at(-1);
    if (map === undefined) {
      this.unread += 1;
      return;
    }
    this.open = undefined;
    const inner = /^\{(.*)\}$/.exec(entry)?.[1];
    if (inner !== undefined) {
      for (const part of splitFlow(inner)) this.entry(part, column);
      return;
    }
    const [, key = '', value = ''] = pair.exec(entry) ?? [];
    if (key === '') {
      this.unread += 1;
      return;
    }
    const members = membersOf(map, key);
    const flow = /^\[(.*)\]$/.exec(value)?.[1];
    if (flow !== undefined) for (const part of splitFlow(flow)) this.add(members, part);
    else if (value !== '') this.add(members, value);
    else this.open = { members, column };
  }

  private add(members: string[], written: string): void {
    const value = scalar(written);
    if (value === undefined) this.unread += 1;
    else members.push(value);
  }
}

/** A scalar as written; absent where YAML gives it a meaning of its own. */
function scalar(written: string): string | undefined {
  const single = /^'((?:[^']|'')*)'$/.exec(written)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'");
  if (written.startsWith('"')) return text(parseJson(written));
  // `{{SessionName}}` unquoted is not a scalar to YAML, but people write it after other text.
  return /^[&*!|>%@`[\]{}'"]/.test(written) || written === '' ? undefined : written;
}

/** Members of a flow collection: commas inside quotes, brackets and braces do not count. */
function splitFlow(inner: string): readonly string[] {
  const parts: string[] = [];
  let [depth, quote, start] = [0, '', 0];
  for (let at = 0; at <= inner.length; at += 1) {
    const character = inner[at] ?? ',';
    if (at < inner.length && quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    else if (character === ',' && (depth === 0 || at === inner.length)) {
      const part = inner.slice(start, at).trim();
      if (part !== '') parts.push(part);
      start = at + 1;
    }
  }
  return parts;
}

/** A comment begins at the start or after white space. */
function withoutComment(line: string): string {
  if (!line.includes('#')) return line;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (quote !== '') quote = character === quote ? '' : quote;
    else if ((character === '"' || character === "'") && /[\s[{,:-]/.test(line[at - 1] ?? ' ')) quote = character;
    else if (character === '#' && /\s/.test(line[at - 1] ?? ' ')) return line.slice(0, at).trimEnd();
  }
  return line;
}

/**
 * Reading values nobody vouches for. A log line may hold any JSON where an object, a list or a string is
 * expected; these accessors answer "absent" for a wrong type, so that an odd neighbour never hides what stands
 * beside it.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

/** The value if it is a JSON object (not null, not a list). */
export function object(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The own property at the end of a path of keys; absent where any step is not an object. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    const parent = object(current);
    if (parent === undefined || !Object.hasOwn(parent, key)) return undefined;
    current = parent[key];
  }
  return current;
}

/** The value if it is a string. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value if it is a finite number. */
export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The members if the value is a list, else none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The strings of a list; members of other types are passed over. */
export function texts(value: unknown): readonly string[] {
  return list(value).filter((member): member is string => typeof member === 'string');
}

/** Parses JSON text; `undefined` where it is not JSON. (`null` is JSON, and is returned as such.) */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Levels beyond which nobody looks. The API server itself refuses more than 10 000 (source: Go, encoding/json), and
 * code that walks a value by recursion overflows the stack before that.
 */
const mostLevels = 1_500;

/** Whether JSON text nests deeper than {@link mostLevels}. Linear; lines too short to be that deep cost nothing. */
export function nestsTooDeep(json: string): boolean {
  if (json.length < 2 * mostLevels) return false;
  let level = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === 0x22) at = endOfString(json, at);
    else if (code === 0x7b || code === 0x5b) {
      level += 1;
      if (level > mostLevels) return true;
    } else if (code === 0x7d || code === 0x5d) level -= 1;
  }
  return false;
}

/** Position after the object or list that begins at `start`; negative where it does not end. Linear, and no recursion. */
export function endOfValue(json: string, start: number): number {
  let level = 0;
  for (let at = start; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === 0x22) at = endOfString(json, at);
    else if (code === 0x7b || code === 0x5b) level += 1;
    else if (code === 0x7d || code === 0x5d) {
      level -= 1;
      if (level === 0) return at + 1;
    }
  }
  return -1;
}

/** Position of the quote that ends the string begun at `start`. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return json.length;
}

/**
 * The same for JSON text inside a string, where each quote and each backslash has another backslash before it: of four
 * backslashes before a quote, three stand for one in the text, and one is the quote's own.
 */
export function endOfEscapedValue(escaped: string, start: number, end = escaped.length): number {
  let level = 0;
  let inText = false;
  for (let at = start; at < end; at += 1) {
    const code = escaped.charCodeAt(at);
    if (code === 0x22) {
      let backslashes = 1;
      while (escaped.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes += 1;
      if (backslashes % 4 === 1) inText = !inText;
    } else if (inText) continue;
    else if (code === 0x7b || code === 0x5b) level += 1;
    else if (code === 0x7d || code === 0x5d) {
      level -= 1;
      if (level === 0) return at + 1;
    }
  }
  return -1;
}

/** The text that the inside of a JSON string stands for; empty where it is none. */
export function unescape(escaped: string): string {
  return escaped.includes('\\') ? (text(parseJson(`"${escaped}"`)) ?? '') : escaped;
}

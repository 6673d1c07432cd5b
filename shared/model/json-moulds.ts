import type { JsonObject } from './json.ts';
import { Recent } from './recent.ts';
import { owned } from './writing.ts';

/** Moulds kept, and the longest text of one: some megabytes together. */
const mostMoulds = 1_000;
const longestText = 16_384;

/** Where a name stands in a value: members to go into, or the text itself. */
type Hollow = 'text' | readonly (readonly [member: string, inner: Hollow])[];

/** What texts that differ in names alone have in common. */
interface Mould {
  readonly value: JsonObject;
  /** Absent where no name stands in it. */
  readonly hollow: Hollow | undefined;
}

/** Stands where a name stood; outside a string it is no JSON. */
const standIn = (position: number): string => `~${String(position)}~`;
const standIns = '~';

/** Names that can be told from what is around them in JSON text, however that is written. */
const tellable = /^[\w.-]{5,}$/;

/**
 * Parses JSON texts that are the same but for some names, as controllers write one object after the other: each kind of
 * text is parsed once, and its names are put in anew. What comes out is what the parser shows. Values share what they have in
 * common: they are for reading.
 */
export class JsonMoulds {
  private readonly known = new Recent<Mould>(mostMoulds);

  /** The value that `parse` makes of a text in which any of the names may stand, or not. */
  parse(text: string, names: readonly string[], parse: (text: string) => JsonObject | undefined): JsonObject | undefined {
    if (text.length > longestText || text.includes(standIns)) return parse(text);
    const masked = names.reduce((left, name, position) => (tellable.test(name) ? left.replaceAll(name, standIn(position)) : left), text);
    let mould = this.known.get(masked);
    if (mould === undefined) {
      mould = mouldOf(parse(masked));
      if (mould === undefined) return parse(text);
      this.known.set(owned(masked), mould);
    }
    return mould.hollow === undefined ? mould.value : (filled(mould.value, mould.hollow, names) as JsonObject);
  }
}

/** Nothing where the text is no JSON with stand-ins for its names, or a name is the name of a member. */
function mouldOf(value: JsonObject | undefined): Mould | undefined {
  if (value === undefined) return undefined;
  const hollow = hollowIn(value);
  return hollow === null ? undefined : { value, hollow };
}

function hollowIn(value: unknown): Hollow | undefined | null {
  if (typeof value === 'string') return value.includes(standIns) ? 'text' : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const members: [string, Hollow][] = [];
  for (const [name, member] of Object.entries(value)) {
    const inner = name.includes(standIns) ? null : hollowIn(member);
    if (inner === null || (inner !== undefined && name === '__proto__')) return null;
    if (inner !== undefined) members.push([name, inner]);
  }
  return members.length === 0 ? undefined : members;
}

/** A copy with the names in their places; it shares what has none. */
function filled(value: unknown, hollow: Hollow, names: readonly string[]): unknown {
  if (hollow === 'text') return names.reduce((left, name, position) => left.replaceAll(standIn(position), name), value as string);
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  for (const [member, inner] of hollow) copy[member] = filled(copy[member], inner, names);
  return copy;
}

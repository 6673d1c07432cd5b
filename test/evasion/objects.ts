import type { Json, JsonObject } from '../simulation/go-json.ts';

/** An object without some of its members. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** A member that is text, or nothing. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A list without what is not there. */
export function some(...items: readonly (Json | undefined)[]): Json[] {
  return items.filter((item) => item !== undefined);
}

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

/** A patch is logged as the client sent it; the server drops the members it does not know. */
export const isPatched = ({ verb, requestObject }: JsonObject): boolean =>
  verb === 'patch' && requestObject instanceof Object && !Array.isArray(requestObject);

/** A patch with a member that looks like an answer which changed nothing. */
export function withForgedAnswer(record: JsonObject): JsonObject {
  if (!isPatched(record)) return record;
  const { kind, apiVersion, metadata } = (record['responseObject'] ?? {}) as JsonObject;
  const { name, namespace } = (metadata ?? {}) as JsonObject;
  const forged = { kind, apiVersion, metadata: { name, namespace, labels: {}, annotations: {} }, spec: {}, status: {} };
  return { ...record, requestObject: { aside: 1, responseObject: forged, ...(record['requestObject'] as JsonObject) } };
}

import type { AuditEvent } from '../model/audit.ts';
import { type JsonObject, at, text } from '../model/json.ts';

/** What an object was before an event wrote it. */
export interface Past {
  /** The remembered version; absent for an object that is new, and for one that was not seen before. */
  readonly before: JsonObject | undefined;
  /** Whether what the object has now and `before` has not is really new. */
  readonly certain: boolean;
}

/**
 * What to compare a write with; absent where it changed nothing of the named part. What is created had nothing before,
 * whatever an object of its name had: it was deleted in between. A server-side apply that creates is a patch, known by its status.
 */
export function pastOf(event: AuditEvent, previous: JsonObject | undefined, part: string): Past | undefined {
  if (event.verb === 'create' || event.code === 201) return { before: undefined, certain: true };
  if (wroteNothing(event)) return undefined;
  if (previous !== undefined) return { before: previous, certain: true };
  return leavesAlone(event, part) ? undefined : { before: undefined, certain: false };
}

/** Whether an update left the object as it was: the API server then keeps its resource version. Source: Kubernetes API concepts, "Resource versions". */
function wroteNothing({ request, response }: AuditEvent): boolean {
  const [sent, stored] = [request, response].map((body) => text(at(body, 'metadata', 'resourceVersion')));
  return sent !== undefined && sent !== '' && sent === stored;
}

/** Whether a patch does not touch a part of the object. A JSON patch is a list and may touch any. */
function leavesAlone({ verb, request }: AuditEvent, part: string): boolean {
  return verb === 'patch' && request !== undefined && !JSON.stringify(request).includes(`"${part}":`);
}

import type { AuditEvent } from '../model/audit.ts';
import { type JsonObject, at, list, object, text } from '../model/json.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import { knownContainers, limitsOf } from './pod-changes.ts';
import type { Limits } from './quantity.ts';

/** The newest versions of every quota and limit range. */
export const ceilings: Snapshot<AuditEvent> = snapshot({
  id: 'namespace-limits',
  key: ({ target, name }) => (name === '' ? undefined : [target.resource, target.namespace, name]),
  value: (event) => (event.allowed && !event.dryRun && !event.verb.startsWith('delete') ? ceilingsOf(event.result) : undefined),
});

/** Fields of a limit range that cap what a container may ask for. `min` and the default requests reserve, they do not cap. */
const caps = ['max', 'default', 'maxLimitRequestRatio'] as const;

/** What a ResourceQuota or LimitRange caps, by name. */
export function ceilingsOf(body: JsonObject | undefined): Record<string, string> | undefined {
  const spec = object(body?.['spec']);
  if (spec === undefined) return undefined;
  const ranges = list(spec['limits']).flatMap((range) =>
    caps.flatMap((cap) => Object.entries(prefixed(`${text(at(range, 'type')) ?? ''} ${cap} `, at(range, cap)))),
  );
  return { ...prefixed('', spec['hard']), ...Object.fromEntries(ranges) };
}

/** What the quota controller last enforced: an update carries it along, so it tells the values before the update. */
export function enforcedBefore(body: JsonObject | undefined): Limits | undefined {
  const hard = at(body, 'status', 'hard');
  return object(hard) && prefixed('', hard);
}

/** Quantities of an object as text, with a prefix before their names. */
function prefixed(prefix: string, quantities: unknown): Record<string, string> {
  const entries = Object.entries(object(quantities) ?? {});
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === 'string' || typeof value === 'number' ? [[prefix + name, String(value)]] : [])),
  );
}

/** The texts among the values of a remembered object. */
export function limitsFrom(previous: JsonObject | undefined): Limits | undefined {
  return previous && prefixed('', previous);
}

/**
 * The limits of each container before an event: from the workload's previous version; for a pod that is resized in
 * place from its status, where the node reports the limits in force. Source: Kubernetes documentation, "Resize CPU and
 * Memory Resources assigned to Containers".
 */
export function limitsBefore(event: AuditEvent, previous: JsonObject | undefined): ReadonlyMap<string, Limits> {
  if (previous !== undefined) return new Map(knownContainers(previous).map(({ name, limits }) => [name, limits]));
  const running = event.target.subresource === 'resize' ? list(at(event.response, 'status', 'containerStatuses')) : [];
  return new Map(running.flatMap((status) => [[text(at(status, 'name')) ?? '', limitsOf(object(status) ?? {})]]));
}

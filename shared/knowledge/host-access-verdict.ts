import type { Verdict } from '../detect/kit.ts';
import type { AuditEvent } from '../model/audit.ts';
import { graver } from '../model/finding.ts';
import { type JsonObject, texts } from '../model/json.ts';
import { type HostAccessKind, hostAccessesOf } from './host-access.ts';
import { callerText } from './origin.ts';
import { broughtContainers, declaredName, declarerOf, deedText } from './pod-changes.ts';
import { some } from './shorten.ts';

/** What to say about one kind of access that an event brings; absent where the workload's previous version had it all. */
export function hostAccessVerdict(event: AuditEvent, kind: HostAccessKind, previous: JsonObject | undefined): Verdict | undefined {
  if (event.pod === undefined) return undefined;
  const known = new Set(texts(previous?.['access']));
  const fresh = hostAccessesOf(event.pod, broughtContainers(event)).filter((access) => access.kind === kind && !known.has(access.id));
  if (fresh.length === 0) return undefined;
  const since = previous === undefined ? '' : '; its previous version had none of it';
  // No `baseline`: in history too this is worth a look, and must not be learnt unseen.
  return {
    entity: declarerOf(event),
    ...(event.target.resource === 'pods' ? { about: event.target.namespace } : {}),
    summary: `${callerText(event)} ${deedText(event)} ${declaredName(event)} with ${some(fresh.map(({ words }) => words))}${since}.`,
    severity: event.allowed ? fresh.map(({ severity }) => severity).reduce(graver) : 'low',
    ...(previous === undefined ? {} : { confidence: 'high' as const }),
  };
}

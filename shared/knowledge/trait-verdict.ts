import type { Duty } from '../contract/site.ts';
import type { Verdict } from '../detect/kit.ts';
import type { AuditEvent } from '../model/audit.ts';
import { graver } from '../model/finding.ts';
import { type JsonObject, texts } from '../model/json.ts';
import { callerText } from './origin.ts';
import { declaredName, declarerOf, deedText, traitsOf, traitsLookedFor } from './pod-changes.ts';
import type { TraitKind } from './pod-trait.ts';
import { some } from './shorten.ts';

/**
 * What to say about one kind of trait that an event brings; absent where the workload's previous version had it all. A
 * version remembered before anybody looked for this kind says nothing about it: the workload is judged as one new to us.
 * Where the caller's duty explains such traits, they are worth a note.
 */
export function traitVerdict(event: AuditEvent, kind: TraitKind, remembered: JsonObject | undefined, duty?: Duty): Verdict | undefined {
  const previous = remembered !== undefined && traitsLookedFor(remembered).includes(kind) ? remembered : undefined;
  const known = new Set(texts(previous?.['access']));
  const fresh = traitsOf(event).filter((trait) => trait.kind === kind && trait.implied !== true && !known.has(trait.id));
  if (fresh.length === 0) return undefined;
  const explained = duty !== undefined && event.hasDuty(duty);
  const since = previous === undefined ? '' : '; its previous version had none of it';
  // No `baseline`: in history too this is worth a look, and must not be learnt unseen.
  return {
    entity: declarerOf(event),
    ...(event.target.resource === 'pods' ? { about: event.target.namespace } : {}),
    summary: `${callerText(event)} ${deedText(event)} ${declaredName(event)} with ${some(fresh.map(({ words }) => words))}${since}.`,
    severity: event.allowed && !explained ? fresh.map(({ severity }) => severity).reduce(graver) : 'low',
    ...(previous === undefined ? {} : { confidence: 'high' as const }),
  };
}

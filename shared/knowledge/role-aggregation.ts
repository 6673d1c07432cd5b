import type { AuditEvent } from '../model/audit.ts';
import { type Severity, graver } from '../model/finding.ts';
import { type JsonObject, texts } from '../model/json.ts';
import { isBuiltIn } from './built-in-roles.ts';
import { pastOf } from './object-versions.ts';
import { type Power, powersNamed } from './role-powers.ts';
import { remembered } from './role-versions.ts';
import { some } from './shorten.ts';

/** A way in which a write lets rights flow from role to role. */
export interface Flow {
  readonly severity: Severity;
  /** After "it". */
  readonly words: string;
}

/** What whoever has `edit` may do anyway. Source: Kubernetes, `bootstrappolicy/policy.go`, rules of `system:aggregate-to-edit`. */
const heldByEditors: ReadonlySet<string> = new Set([
  'read-secrets',
  'exec',
  'port-forward',
  'make-pods',
  'make-workloads',
  'make-jobs',
  'mint-tokens',
  'impersonate-accounts',
]);

/** Rights of a role that now reach everybody who has `view`, `edit` or `admin`. */
export function flowIntoOthers(event: AuditEvent, now: JsonObject, previous: JsonObject | undefined): Flow | undefined {
  const past = pastOf(event, previous, 'labels');
  if (past === undefined) return undefined;
  const before = new Set(inflows(past.before).map(({ target, power }) => `${target} ${power.id}`));
  const fresh = inflows(now).filter(({ target, power }) => !before.has(`${target} ${power.id}`));
  const gravest = fresh.reduce<Severity>((worst, { power }) => graver(worst, power.severity), 'medium');
  if (fresh.length === 0) return undefined;
  const powers = [...new Set(fresh.map(({ power }) => power.words))];
  const targets = [...new Set(fresh.map(({ target }) => target))];
  return { severity: gravest, words: `lets everybody with role ${some(targets)} ${some(powers)}` };
}

function inflows(version: JsonObject | undefined): readonly { readonly target: string; readonly power: Power }[] {
  // What operators bring for their own resources is what aggregation is for.
  const powers = powersNamed(texts(version?.['powers'])).filter(({ severity }) => severity !== 'low');
  return texts(version?.['aggregates']).flatMap((target) =>
    powers.filter(({ id }) => target === 'view' || !heldByEditors.has(id)).map((power) => ({ target, power })),
  );
}

/** A role that takes over the rights of others, chosen by labels that anybody who writes roles can set. */
export function flowFromOthers(event: AuditEvent, now: JsonObject, previous: JsonObject | undefined): Flow | undefined {
  const past = pastOf(event, previous, 'aggregationRule');
  const chosen = remembered(now, 'selectors');
  if (past === undefined || chosen === '' || chosen === remembered(past.before, 'selectors')) return undefined;
  if (chosen === '*') return { severity: 'high', words: 'takes over the rights of every ClusterRole' };
  // Built-in roles have a rule from the start: without an earlier version it may be the one they came with.
  if (isBuiltIn(event.name))
    return past.certain ? { severity: 'high', words: 'takes its rights from other ClusterRoles than before' } : undefined;
  return { severity: 'low', words: 'takes over the rights of whatever ClusterRole has certain labels' };
}

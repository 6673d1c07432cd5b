import type { Verdict, Views } from '../detect/kit.ts';
import type { AuditEvent } from '../model/audit.ts';
import { type Severity, atLeast } from '../model/finding.ts';
import type { JsonObject } from '../model/json.ts';
import { isAdminRole, isForEverybody } from './built-in-roles.ts';
import { isClusterItself } from './exclusions.ts';
import { callerText } from './origin.ts';
import { grantSeverity, inOneNamespace, rbacName } from './rbac.ts';
import { bindings, type Grant, grantOf, type Subject } from './role-grants.ts';
import { powersIn, roles } from './role-versions.ts';
import { isGuardedNamespace } from './security-namespaces.ts';
import { shorten, some } from './shorten.ts';

/** What a granted role is, and how grave it is to have it there. */
export interface Weight {
  /** `admin` by name, `powerful` by its rules, `everybody's`, or nothing that is known to lead further. */
  readonly kind: 'admin' | 'powerful' | 'everybodys' | 'ordinary';
  readonly severity: Severity | undefined;
  /** Why, for text. */
  readonly words: string;
}

/** A grant to some of its new subjects, and what the role weighs. */
export interface WeighedGrant extends Grant {
  readonly weight: Weight;
}

type SubjectClass = 'anonymous' | 'broad' | 'default-account' | 'account' | 'other';

/** What must be remembered to weigh a grant. */
export const grantMemory = { bindings, role: roles };

/** What a write grants to new subjects of these classes; absent where there are none, and where the cluster itself writes. */
export function grantTo(
  event: AuditEvent,
  { bindings: known, role }: Views<typeof grantMemory>,
  classes: readonly SubjectClass[],
): WeighedGrant | undefined {
  if (isClusterItself(event)) return undefined;
  const grant = grantOf(event, known.previous);
  const subjects = grant?.subjects.filter((subject) => classes.includes(subjectClass(subject))) ?? [];
  return grant === undefined || subjects.length === 0 ? undefined : { ...grant, subjects, weight: weightOf(grant, role.previous) };
}

/** Weighs a granted role: a built-in one by its name, another by the rules it was last seen with. */
function weightOf({ role, wide, namespace }: Grant, rules: JsonObject | undefined): Weight {
  const everywhere = wide || isGuardedNamespace(namespace);
  if (role.kind === 'ClusterRole' && isForEverybody(role.name)) return { kind: 'everybodys', severity: undefined, words: '' };
  if (role.kind === 'ClusterRole' && isAdminRole(role.name)) {
    const severity = everywhere ? 'high' : role.name === 'edit' ? 'low' : 'medium';
    return { kind: 'admin', severity, words: ruleText(role.name, wide) };
  }
  const powers = powersIn(rules);
  const gravest = powers[0];
  // What runs workloads is every pipeline's: only what leads beyond that is told.
  if (gravest === undefined || !atLeast(gravest.severity, 'medium')) return { kind: 'ordinary', severity: undefined, words: '' };
  const words = `that role may ${some(powers.map((power) => power.words))}`;
  return { kind: 'powerful', severity: everywhere ? gravest.severity : inOneNamespace(gravest.severity), words };
}

function ruleText(role: string, wide: boolean): string {
  if (/^(?:system|eks):/.test(role)) return 'that role is for a part of the cluster alone';
  return wide ? 'it rules the cluster' : 'it rules the namespace';
}

/** Groups that hold more than anybody thinks of when naming them. */
const broadGroup = /^system:(?:authenticated|masters|nodes|bootstrappers|serviceaccounts(?::.*)?)$/;

/** The kind of a subject by whom it lets in: each is told by a detection of its own. */
function subjectClass({ kind, name }: Subject): SubjectClass {
  if (name === 'system:anonymous' || name === 'system:unauthenticated') return 'anonymous';
  if (kind === 'ServiceAccount') return name === 'default' ? 'default-account' : 'account';
  return broadGroup.test(name) ? 'broad' : 'other';
}

/** What to say about a grant to some of its new subjects. */
export function grantVerdict(
  event: AuditEvent,
  { role, wide, namespace, subjects, certain, before }: Grant,
  severity: Severity,
  why: string,
): Verdict {
  const place = wide ? 'in the whole cluster' : `in namespace ${shorten(namespace)}`;
  const known = certain ? '' : '; whom the binding named before is not known';
  return {
    entity: event.actor,
    about: `${role.kind} ${role.name} ${namespace}`,
    summary:
      `${callerText(event)} ${event.allowed ? 'gave' : 'was refused when trying to give'} ${role.kind} ${shorten(role.name)} ${place} to ` +
      `${some(subjects.map(subjectText))} by ${rbacName(event)}: ${why}${before === 0 ? '' : `; ${String(before)} had it before`}${known}.`,
    severity: grantSeverity(event, severity),
    ...(certain ? {} : { confidence: 'low' as const }),
  };
}

function subjectText({ kind, namespace, name }: Subject): string {
  const word = { ServiceAccount: 'service account', Group: 'group', User: 'user' }[kind] ?? 'subject';
  return `${word} ${[namespace, name].filter(Boolean).join('/')}`;
}

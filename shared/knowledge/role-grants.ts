import type { AuditEvent } from '../model/audit.ts';
import { digest } from '../model/hash.ts';
import { type JsonObject, at, list, text, texts } from '../model/json.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import { isDefaultGrant } from './built-in-roles.ts';
import { pastOf } from './object-versions.ts';

/** Whom a binding names. */
export interface Subject {
  readonly kind: string;
  /** Of a service account. */
  readonly namespace: string;
  readonly name: string;
  /** Equal in two versions of a binding. */
  readonly id: string;
}

/** A role as a binding refers to it. */
export interface RoleRef {
  readonly kind: 'ClusterRole' | 'Role';
  readonly name: string;
}

/** What a write of a binding grants, and to whom that is new. */
export interface Grant {
  readonly role: RoleRef;
  /** In the whole cluster, not in one namespace. */
  readonly wide: boolean;
  readonly namespace: string;
  readonly subjects: readonly Subject[];
  /** Whether the subjects are known to be new. */
  readonly certain: boolean;
  /** Subjects of the last version. */
  readonly before: number;
}

/** The subjects of every binding and the role they get. */
export const bindings: Snapshot<AuditEvent> = snapshot({
  id: 'rbac-binding',
  key: ({ target, name }) => (name === '' ? undefined : [target.resource, target.namespace, name]),
  value: (event) => (event.allowed && !event.dryRun ? bindingVersion(event) : undefined),
});

/** What is remembered of a binding; absent where the event does not show it. */
export function bindingVersion(event: AuditEvent): JsonObject | undefined {
  if (event.verb.startsWith('delete')) return { role: '', subjects: [], sum: '' };
  const role = roleRefOf(event);
  if (role === undefined) return undefined;
  const subjects = subjectsOf(event)
    .map(({ id }) => id)
    .sort();
  return { role: `${role.kind} ${role.name}`, subjects, sum: digest(16, [role.kind, role.name, ...subjects]) };
}

/** The role that a binding refers to. */
export function roleRefOf(event: AuditEvent): RoleRef | undefined {
  const ref = at(event.result, 'roleRef');
  const name = text(at(ref, 'name'));
  if (name === undefined) return undefined;
  return { kind: at(ref, 'kind') === 'Role' ? 'Role' : 'ClusterRole', name };
}

const accountName = /^system:serviceaccount:([^:]*):([^:]*)$/;

/** A service account can be named as a user, too: both are the same subject. */
export function subjectsOf(event: AuditEvent): readonly Subject[] {
  return list(event.result?.['subjects']).flatMap((member) => {
    const name = text(at(member, 'name'));
    if (name === undefined) return [];
    const account = accountName.exec(name);
    const kind = account === null ? (text(at(member, 'kind')) ?? '') : 'ServiceAccount';
    const namespace = account?.[1] ?? (kind === 'ServiceAccount' ? (text(at(member, 'namespace')) ?? '') : '');
    const own = account?.[2] ?? name;
    return [{ kind, namespace, name: own, id: `${kind} ${namespace === '' ? own : `${namespace}/${own}`}` }];
  });
}

/** What a write of a binding grants to subjects that did not have it; absent where it grants nothing new. */
export function grantOf(event: AuditEvent, previous: JsonObject | undefined): Grant | undefined {
  const role = roleRefOf(event);
  const past = pastOf(event, previous, 'subjects');
  if (role === undefined || past === undefined) return undefined;
  const same = text(past.before?.['role']) === `${role.kind} ${role.name}`;
  const known = new Set(same ? texts(past.before?.['subjects']) : []);
  const fresh = new Map(subjectsOf(event).map((subject) => [subject.id, subject]));
  const subjects = [...fresh.values()].filter(({ id }) => !known.has(id) && !isDefaultGrant(event.name, id));
  if (subjects.length === 0) return undefined;
  const { namespace, resource } = event.target;
  return { role, wide: resource === 'clusterrolebindings', namespace, subjects, certain: past.certain, before: known.size };
}

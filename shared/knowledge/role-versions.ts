import type { AuditEvent } from '../model/audit.ts';
import { digest } from '../model/hash.ts';
import { type JsonObject, at, list, object, text, texts } from '../model/json.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import { pastOf } from './object-versions.ts';
import { roleRefOf } from './role-grants.ts';
import { isCovered, isWildcard, type Power, powersNamed, powersOf } from './role-powers.ts';

/** Labels that make a role part of a role for people. Source: Kubernetes documentation, "Aggregated ClusterRoles". */
const aggregating = /^rbac\.authorization\.k8s\.io\/aggregate-to-(.{1,60})$/;

/**
 * What roles may do, by name. A write of a role is compared with the role's last version; a write of a binding looks up
 * the role that it refers to.
 */
export const roles: Snapshot<AuditEvent> = snapshot({
  id: 'rbac-role',
  key: (event) => {
    const { resource, namespace } = event.target;
    if (resource === 'roles' || resource === 'clusterroles') return event.name === '' ? undefined : [resource, namespace, event.name];
    const role = roleRefOf(event);
    if (role === undefined) return undefined;
    return role.kind === 'Role' ? ['roles', namespace, role.name] : ['clusterroles', '', role.name];
  },
  value: (event) => (event.allowed && !event.dryRun ? roleVersion(event) : undefined),
});

/** What is remembered of a role; absent for events that are not about one, or do not show it. */
export function roleVersion(event: AuditEvent): JsonObject | undefined {
  const { resource } = event.target;
  if (resource !== 'roles' && resource !== 'clusterroles') return undefined;
  if (event.verb.startsWith('delete')) return { powers: [], aggregates: [], selectors: '', sum: '' };
  const { result } = event;
  if (result === undefined) return undefined;
  const labels = Object.entries(object(event.metadata?.['labels']) ?? {});
  const selectors = list(at(result, 'aggregationRule', 'clusterRoleSelectors'));
  return {
    powers: powersOf(result['rules'], resource === 'roles' ? 'namespace' : 'cluster'),
    aggregates: labels.flatMap(([label, value]) => (value === 'true' ? (aggregating.exec(label)?.slice(1, 2) ?? []) : [])).sort(),
    // Selects every role there is, or some by their labels.
    selectors: selectors.some(selectsAll) ? '*' : selectors.length === 0 ? '' : digest(16, [JSON.stringify(selectors)]),
    sum: digest(16, [JSON.stringify(result['rules'] ?? null), JSON.stringify(result['aggregationRule'] ?? null)]),
  };
}

function selectsAll(selector: unknown): boolean {
  const wanted = object(selector);
  if (wanted === undefined) return false;
  return Object.keys(object(wanted['matchLabels']) ?? {}).length === 0 && list(wanted['matchExpressions']).length === 0;
}

/** The powers of a remembered role, gravest first. */
export function powersIn(version: JsonObject | undefined): readonly Power[] {
  return powersNamed(texts(version?.['powers']));
}

/** The powers that a write gave a role which its last version had not. */
export function gainedPowers(
  event: AuditEvent,
  previous: JsonObject | undefined,
  kind: 'wildcards' | 'primitives',
): { readonly powers: readonly Power[]; readonly certain: boolean } {
  const past = pastOf(event, previous, 'rules');
  const now = roleVersion(event);
  if (past === undefined || now === undefined) return { powers: [], certain: true };
  const known = texts(past.before?.['powers']);
  const fresh = texts(now['powers']).filter((id) => !isCovered(id, known) && isWildcard(id) === (kind === 'wildcards'));
  return { powers: powersNamed(fresh), certain: past.certain };
}

/** Remembered text. */
export function remembered(version: JsonObject | undefined, field: string): string {
  return text(version?.[field]) ?? '';
}

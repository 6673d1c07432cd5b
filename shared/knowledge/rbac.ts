import type { AuditEvent } from '../model/audit.ts';
import type { Severity } from '../model/finding.ts';
import { shorten } from './shorten.ts';

/** Kinds of object that say who gets which role. */
export const bindingResources = ['rolebindings', 'clusterrolebindings'] as const;

/** Kinds of object that say what a role may do. */
export const roleResources = ['roles', 'clusterroles'] as const;

/** Requests that leave an object with content. */
export const contentWrites = ['create', 'update', 'patch'] as const;

/** Requests that may give a role to somebody. */
export const bindingWrites = { verbs: contentWrites, resources: bindingResources };

const kinds: Readonly<Record<string, string>> = {
  rolebindings: 'RoleBinding',
  clusterrolebindings: 'ClusterRoleBinding',
  roles: 'Role',
  clusterroles: 'ClusterRole',
};

/**
 * Whether a write took place, or was refused after the API server had read its body: who grants more than it has is
 * refused so. Source: Kubernetes documentation, "Using RBAC Authorization", section on privilege escalation prevention.
 */
export function isWrite(event: AuditEvent): boolean {
  return !event.dryRun && (event.allowed || event.outcome === 'forbidden');
}

/** An object of RBAC for text: "ClusterRole operator", "RoleBinding shop/readers". */
export function rbacName({ target, name }: AuditEvent): string {
  const path = [target.namespace, name].filter(Boolean).join('/');
  return `${kinds[target.resource] ?? target.resource} ${path === '' ? 'of unknown name' : shorten(path)}`;
}

/** The impact of a grant: an attempt granted nothing, and whoever installs software hands out rights all day. */
export function grantSeverity(event: AuditEvent, severity: Severity): Severity {
  return event.allowed && !event.hasDuty('deployer') ? severity : 'low';
}

/** A step less where only one namespace is concerned; nothing where little was at stake. */
export function inOneNamespace(severity: Severity): Severity | undefined {
  return ({ critical: 'high', high: 'medium', medium: 'low', low: undefined } as const)[severity];
}

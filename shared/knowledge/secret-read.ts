import type { AuditEvent } from '../model/audit.ts';

/** A list or watch that answers with the Secrets of every namespace. */
export function readsAllSecrets({ verb, target }: AuditEvent): boolean {
  return target.namespace === '' && (verb === 'list' || verb === 'watch');
}

/** What a read of Secrets asked for, for text. The audit log never holds what was returned. */
export function secretsAsked({ verb, target }: AuditEvent): string {
  if (target.name !== '') return `Secret ${target.namespace}/${target.name}`;
  const how = verb === 'watch' ? 'a watch on' : 'a list of';
  return target.namespace === '' ? `${how} every Secret in the cluster` : `${how} every Secret in namespace ${target.namespace}`;
}

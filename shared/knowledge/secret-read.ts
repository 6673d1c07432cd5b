import type { AuditEvent } from '../model/audit.ts';

/** A list or watch that answers with the Secrets of every namespace. */
export function readsAllSecrets({ verb, target }: AuditEvent): boolean {
  return target.namespace === '' && (verb === 'list' || verb === 'watch');
}

/** The requirement by which Helm finds its releases among Secrets. Source: helm/helm, `pkg/storage/driver/secrets.go`. */
const ownedByHelm = /^owner==?helm$/;

/** A list or watch narrowed to Helm's releases: the server answers with no other Secret. */
export function readsReleasesOnly({ verb, uri }: AuditEvent): boolean {
  if (verb === 'get') return false;
  const query = uri.slice(uri.indexOf('?') + 1);
  // The server takes the first selector of several.
  const selector = new URLSearchParams(query).get('labelSelector') ?? '';
  return selector.split(',').some((requirement) => ownedByHelm.test(requirement.trim()));
}

/** What a read of Secrets asked for, for text. The audit log never holds what was returned. */
export function secretsAsked(event: AuditEvent): string {
  const { verb, target } = event;
  if (target.name !== '') return `Secret ${target.namespace}/${target.name}`;
  const how = verb === 'watch' ? 'a watch on' : 'a list of';
  const what = readsReleasesOnly(event) ? 'the Secrets of Helm’s releases' : 'every Secret';
  return target.namespace === '' ? `${how} ${what} in the cluster` : `${how} ${what} in namespace ${target.namespace}`;
}

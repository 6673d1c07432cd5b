import type { AuditEvent } from '../model/audit.ts';

/** Where Helm keeps a release: software that manages releases reads all of one namespace, again and again. Source: helm, `pkg/storage/driver/secrets.go`. */
const release = /^sh\.helm\.release\.v1\..*$/;

/** What one read of Secrets is counted as: each Secret once, a namespace's list once, all releases of a namespace once. */
export function secretCounted({ target }: AuditEvent): string {
  return `${target.namespace}/${target.name.replace(release, 'releases')}`;
}

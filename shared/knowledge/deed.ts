import type { AuditEvent } from '../model/audit.ts';

/**
 * What a request can do, told by its verb and resource alone: look around, read objects, take credentials, enter
 * containers or what stands behind a proxy, or change the cluster.
 */
export type Deed = 'look' | 'read' | 'credentials' | 'enter' | 'change';

const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

/** Subresources that lead into a container, or past the API server to a node or service. */
const doors: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy', 'ephemeralcontainers']);

/** Questions about rights and tokens are asked by creating an object that is not kept. Source: Kubernetes API reference, Authorization resources. */
const questions = /^(?:self)?(?:local)?subject(?:access|rules)?reviews$|^tokenreviews$/;

/** What a request can do. */
export function deedOf({ verb, target }: AuditEvent): Deed {
  const { resource, subresource } = target;
  if (resource === '' || questions.test(resource)) return reads.has(verb) || verb === 'create' ? 'look' : 'change';
  if (doors.has(subresource)) return 'enter';
  if (resource === 'secrets' && reads.has(verb)) return 'credentials';
  if (resource === 'serviceaccounts' && subresource === 'token') return 'credentials';
  return reads.has(verb) ? 'read' : 'change';
}

/** What is asked for, wherever it is: `create pods/exec`; of paths that are no resource, the first two parts. */
export function kindAsked({ verb, target, uri }: AuditEvent): string {
  const { resource, subresource } = target;
  if (resource === '') return `${verb} ${/^(?:\/[^/?]{0,80}){0,2}/.exec(uri)?.[0] ?? ''}`;
  return `${verb} ${subresource === '' ? resource : `${resource}/${subresource}`}`;
}

/** What was asked for, for text: `create pods/exec in shop`, `get /metrics`. */
export function askedFor({ verb, target, uri }: AuditEvent): string {
  const { resource, subresource, namespace } = target;
  if (resource === '') return `${verb} ${uri.split('?', 1)[0] ?? ''}`;
  return `${verb} ${[resource, subresource].filter(Boolean).join('/')}${namespace === '' ? '' : ` in ${namespace}`}`;
}

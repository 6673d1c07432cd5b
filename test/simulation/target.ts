/** What a request is about, in the words of `objectRef`. */
export interface Target {
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly uid?: string | undefined;
  /** Absent for the core group. */
  readonly group?: string | undefined;
  readonly version?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly subresource?: string | undefined;
}

/** `metadata.name=x` in a field selector names the object in `objectRef`, but not in the path of a list or watch. */
const collectionVerbs: ReadonlySet<string> = new Set(['list', 'watch', 'create', 'deletecollection']);

export function pathOf(target: Target, verb: string): string {
  const version = target.version ?? 'v1';
  const parts = [target.group === undefined ? `/api/${version}` : `/apis/${target.group}/${version}`];
  if (target.namespace !== undefined && target.resource !== 'namespaces') parts.push('namespaces', target.namespace);
  parts.push(target.resource);
  const named = target.subresource !== undefined || !collectionVerbs.has(verb);
  if (named && target.name !== undefined) parts.push(target.name);
  if (target.subresource !== undefined) parts.push(target.subresource);
  return parts.join('/');
}

export function core(resource: string, namespace?: string, name?: string, subresource?: string): Target {
  return { resource, namespace, name, subresource };
}

export function apps(resource: string, namespace?: string, name?: string, subresource?: string): Target {
  return { resource, namespace, name, group: 'apps', subresource };
}

export function grouped(group: string, resource: string, namespace?: string, name?: string, subresource?: string): Target {
  return { resource, namespace, name, group, subresource };
}

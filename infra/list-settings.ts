import { listKinds, type ListKind, type ListSource } from '../shared/contract/site.ts';
import { wrongWith } from '../shared/lists/reading.ts';
import { UnusableList } from '../shared/lists/unusable.ts';
import { listIn, type ListFile } from './address-lists.ts';
import { fields, type Problems } from './config-fields.ts';

/** A list of addresses. */
export interface NamedList {
  readonly kind: ListKind;
  /** A file, relative to this folder, or an object: `s3://BUCKET/KEY`. */
  readonly from: string;
}

/** Lists by name; a list that is named like its kind may be given by its place alone. */
export type Lists = Readonly<Record<string, string | NamedList>>;

/** Lists by where they come from: files are as old as the deployment, objects are fetched every hour. */
export function listsBySource(lists: Lists = {}): { readonly files: readonly ListFile[]; readonly sources: readonly ListSource[] } {
  const all = Object.entries(lists).map(([name, list]) =>
    typeof list === 'string' ? { name, kind: name as ListKind, from: list } : { name, ...list },
  );
  return {
    files: all.flatMap(({ name, kind, from }) => (isObject(from) ? [] : [{ name, kind, file: from }])),
    sources: all.flatMap(({ name, kind, from }) => (isObject(from) ? [{ name, kind, ...placeOf(from) }] : [])),
  };
}

/** What the sources may take of the 4 KB that the environment of their function has. Source: Lambda quotas. */
const sourceBytes = 3072;

/** Adds what is wrong with lists. */
export function checkLists(problems: Problems, given: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(given ?? {}));
  if (bytes > sourceBytes)
    problems.add('networks.lists', bytes, `their names and places may take ${String(sourceBytes)} bytes; name fewer lists`);
  for (const [name, list] of problems.entries('networks.lists', given)) {
    const path = `networks.lists.${name}`;
    if (typeof list !== 'object' || list === null) {
      if (isKind(name)) problems.field(path, list, (value) => placeProblem(name, value));
      else problems.add(path, list, `no such setting; known are ${listKinds.join(', ')}; under a name of your own give { kind, from }`);
      continue;
    }
    const { kind, from } = problems.object(path, list, ['kind', 'from']);
    problems.field('networks.lists', name, fields.networkName);
    problems.required(`${path}.kind`, kind, (value) => (isKind(value) ? undefined : `say one of: ${listKinds.join(', ')}`));
    if (isKind(kind)) problems.required(`${path}.from`, from, (value) => placeProblem(kind, value));
  }
}

function isKind(value: unknown): value is ListKind {
  return listKinds.some((kind) => kind === value);
}

function isObject(from: string): boolean {
  return from.startsWith('s3:');
}

// What an ARN of a policy would take for a wildcard is left out. Source: Amazon S3 user guide, "Naming Amazon S3 objects".
const objectPlace = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/([\w!.()/+=,@: -]{1,1024})$/;

function placeOf(from: string): { readonly bucket: string; readonly key: string } {
  const [, bucket = '', key = ''] = objectPlace.exec(from) ?? [];
  return { bucket, key };
}

function placeProblem(kind: ListKind, from: unknown): string | undefined {
  if (typeof from !== 'string') return 'give the name of a file of addresses, relative to infra/, or s3://BUCKET/KEY';
  if (isObject(from)) return objectPlace.test(from) ? undefined : 'give s3://BUCKET/KEY; the key may not hold * ? $ or the like';
  try {
    return wrongWith(kind, listIn(kind, from));
  } catch (error) {
    return error instanceof UnusableList ? error.message : 'no such file in infra/, or not readable';
  }
}

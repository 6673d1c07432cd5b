import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Assignment, duties, type ImageSettings, listKinds, type ListKind } from '../shared/contract/site.ts';
import { listText } from '../shared/lists/list-text.ts';
import { readList, wrongWith } from '../shared/lists/reading.ts';
import { UnusableList } from '../shared/lists/unusable.ts';
import { at, list, object, parseJson, text } from '../shared/model/json.ts';
import type { AddressList } from '../shared/model/listed.ts';
import type { KnownSite } from '../shared/model/site.ts';
import { checkRange } from './ranges.ts';
import { UsageError } from './usage-error.ts';

const known = ['networks', 'identities', 'images', 'policiesKnown'];

/** The settings in a site file, the same as in a deployment's configuration. Throws {@link UsageError} on what is wrong. */
export function readSiteFile(path: string): KnownSite {
  const settings = object(parseJson(contentOf(path)));
  if (settings === undefined) throw new UsageError(`--site ${path}: not a JSON object of ${known.join(', ')}`);
  for (const name of Object.keys(settings))
    if (!known.includes(name)) throw new UsageError(`--site ${path}: no such setting ${name}; known are ${known.join(', ')}`);
  const networks = object(settings['networks']) ?? {};
  const unknown = Object.keys(networks).find((name) => !knownNetworks.has(name));
  if (unknown !== undefined)
    throw new UsageError(`--site ${path}: no such setting networks.${unknown}; known are ${[...knownNetworks].join(', ')}`);
  const named = Object.entries(object(networks['named']) ?? {}).map(([name, range]) => [name, rangeIn(path, range)] as const);
  return {
    networks: {
      vpc: list(networks['vpc']).map((range) => rangeIn(path, range)),
      aws: list(networks['aws']).map((range) => rangeIn(path, range)),
      named: Object.fromEntries(named),
    },
    lists: listsIn(path, networks['lists']),
    identities: list(settings['identities']).map((entry) => assignmentIn(path, entry)),
    ...('images' in settings ? { images: imagesIn(path, settings['images']) } : {}),
    policiesKnown: namespacesIn(path, settings['policiesKnown'] ?? []),
  };
}

function imagesIn(path: string, images: unknown): ImageSettings {
  const allowed = list(at(images, 'allowed')).map((pattern) => text(pattern) ?? '');
  if (allowed.length === 0 || !allowed.every((pattern) => pattern.includes('/')))
    throw new UsageError(
      `--site ${path}: images needs "allowed", a list of repositories with their registry such as docker.io/library/nginx`,
    );
  return { allowed };
}

function namespacesIn(path: string, names: unknown): readonly string[] {
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  throw new UsageError(`--site ${path}: policiesKnown must be a list of namespaces, or ["*"]`);
}

const knownNetworks: ReadonlySet<string> = new Set(['vpc', 'named', 'aws', 'lists']);

/**
 * Lists by name. The value is the addresses themselves or the name of a file beside the site file, which may be compressed
 * by gzip; or an object of `kind` and `from`. Without a kind the name is one.
 */
function listsIn(path: string, given: unknown): AddressList[] {
  return Object.entries(object(given) ?? {}).map(([name, value]) => {
    const kind = text(at(value, 'kind')) ?? name;
    const known = listKinds.find((one) => one === kind);
    if (known === undefined) throw new UsageError(`--site ${path}: no such list ${kind}; known are ${listKinds.join(', ')}`);
    const from = object(value) === undefined ? value : at(value, 'from');
    return typeof from === 'string' ? listInFile(path, name, known, from) : listOf(path, name, known, from);
  });
}

function listInFile(path: string, name: string, kind: ListKind, file: string): AddressList {
  const place = resolve(dirname(path), file);
  const bytes = bytesOf(path, place);
  const asOf = Math.floor(statSync(place).mtimeMs);
  return { ...usable(`--site ${path}: ${file}`, name, kind, () => listText(bytes)), asOf };
}

function listOf(path: string, name: string, kind: ListKind, entries: unknown): AddressList {
  if (!Array.isArray(entries)) throw new UsageError(`--site ${path}: list ${name} must be addresses, or the name of a file of them`);
  return usable(`--site ${path}: list ${name}`, name, kind, () => entries.map(String).join('\n'));
}

function usable(place: string, name: string, kind: ListKind, content: () => string): AddressList {
  try {
    const read = readList(kind, content());
    const wrong = wrongWith(kind, read);
    if (wrong !== undefined) throw new UsageError(`${place}: ${wrong}`);
    return { name, kind, ranges: read.ranges, systems: read.systems };
  } catch (error) {
    if (error instanceof UnusableList) throw new UsageError(`${place}: ${error.message}`);
    throw error;
  }
}

function contentOf(path: string): string {
  return bytesOf(path).toString('utf8');
}

function bytesOf(site: string, path = site): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new UsageError(`--site ${site}: ${path === site ? '' : `${path}: `}no such file, or not readable`);
  }
}

function rangeIn(path: string, range: unknown): string {
  checkRange(`--site ${path}`, text(range) ?? String(range));
  return text(range) ?? '';
}

function assignmentIn(path: string, entry: unknown): Assignment {
  const assignment = object(entry);
  const [who, duty, until] = [text(assignment?.['who']), text(assignment?.['duty']), text(assignment?.['until'])];
  const known = duties.find((one) => one === duty);
  if (who === undefined || known === undefined)
    throw new UsageError(`--site ${path}: an identity needs "who" and a "duty", one of ${duties.join(', ')}`);
  if (until !== undefined && Number.isNaN(Date.parse(until))) throw new UsageError(`--site ${path}: until ${until} is not a time`);
  return { who, duty: known, ...(until === undefined ? {} : { until }) };
}

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isAddressOrRange, readAddressList } from '../shared/address-list.ts';
import {
  addressLists,
  type AddressList,
  type AddressLists,
  type Assignment,
  duties,
  type ImageSettings,
  type SiteSettings,
} from '../shared/contract.ts';
import { at, list, object, parseJson, text } from '../shared/model/json.ts';
import { checkRange } from './ranges.ts';
import { UsageError } from './usage-error.ts';

const known = ['networks', 'identities', 'images', 'policiesKnown'];

/** The settings in a site file, the same as in a deployment's configuration. Throws {@link UsageError} on what is wrong. */
export function readSiteFile(path: string): SiteSettings {
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

/** Lists by name: the addresses themselves, or the name of a file beside the site file. */
function listsIn(path: string, given: unknown): AddressLists {
  const lists: Partial<Record<AddressList, readonly string[]>> = {};
  for (const [name, value] of Object.entries(object(given) ?? {})) {
    const known = addressLists.find((one) => one === name);
    if (known === undefined) throw new UsageError(`--site ${path}: no such list ${name}; known are ${addressLists.join(', ')}`);
    lists[known] = typeof value === 'string' ? addressesInFile(path, value) : addressesIn(path, name, value);
  }
  return lists;
}

function addressesInFile(path: string, file: string): readonly string[] {
  const { addresses, problems } = readAddressList(contentOf(path, resolve(dirname(path), file)));
  if (problems.length > 0) throw new UsageError(`--site ${path}: ${file}: ${problems.join('; ')}`);
  return addresses;
}

function addressesIn(path: string, name: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new UsageError(`--site ${path}: list ${name} must be addresses, or the name of a file of them`);
  return list(value).map((address) => {
    if (typeof address === 'string' && isAddressOrRange(address)) return address;
    throw new UsageError(`--site ${path}: list ${name}: ${String(address)} is no address and no range in CIDR notation`);
  });
}

function contentOf(site: string, path = site): string {
  try {
    return readFileSync(path, 'utf8');
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

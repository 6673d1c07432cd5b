import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Catalogue } from '../evasion/judging.ts';
import { root, touchedBy } from './importers.ts';
import type { Mutant } from './mutants.ts';

const registry = 'shared/detect/registry.ts';
const urlOf = (file: string): string => pathToFileURL(join(root, file)).href;

let generation = 0;
let fresh: ReadonlySet<string> = new Set();
let override: { readonly url: string; readonly source: string } | undefined;

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const url = resolved.url.split('?', 1)[0] ?? '';
    return fresh.has(url) ? { ...resolved, url: `${url}?generation=${String(generation)}` } : resolved;
  },
  load(url, context, next) {
    if (override === undefined || url !== `${override.url}?generation=${String(generation)}`) return next(url, context);
    return { format: 'module', source: stripTypeScriptTypes(override.source), shortCircuit: true };
  },
});

/** The catalogue as it is with a mutant in it. Only what the mutant touches is loaded anew. */
export async function catalogueWith({ file, source }: Pick<Mutant, 'file' | 'source'>): Promise<Catalogue> {
  generation += 1;
  fresh = new Set([...touchedBy(file), registry].map(urlOf));
  override = { url: urlOf(file), source };
  const { catalogue } = (await import(`${urlOf(registry)}?generation=${String(generation)}`)) as { catalogue: Catalogue };
  return catalogue;
}

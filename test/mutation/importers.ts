import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** The root of the project. */
export const root = join(import.meta.dirname, '../..');

const imported = /^(?:import|export) (?!type )[^;]*? from '(\.[^']+)';/gms;

/** Which files of the product import a file at run time, directly. */
function importersByFile(): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, string[]>();
  for (const file of globSync('shared/**/*.ts', { cwd: root })) {
    for (const [, path = ''] of readFileSync(join(root, file), 'utf8').matchAll(imported)) {
      const target = normalize(join(dirname(file), path));
      importers.set(target, [...(importers.get(target) ?? []), file]);
    }
  }
  return importers;
}

const importers = importersByFile();

/** A file and all that import it, directly or not: what must be loaded anew when it changes. */
export function touchedBy(file: string): ReadonlySet<string> {
  const touched = new Set([file]);
  for (const each of touched) for (const importer of importers.get(each) ?? []) touched.add(importer);
  return touched;
}

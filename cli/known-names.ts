import type { Declaration, Threshold } from '../shared/detect/kit.ts';
import { catalogue } from '../shared/detect/registry.ts';
import { editsBetween } from '../shared/knowledge/edits.ts';
import { UsageError } from './usage-error.ts';

/** The detection of an id that somebody typed. */
export function knownDetection(id: string): Declaration {
  const known = catalogue.find(({ detection }) => detection.id === id);
  if (known !== undefined) return known.detection;
  throw new UsageError(
    `${id}: there is no such detection${suggestion(
      id,
      catalogue.map(({ detection }) => detection.id),
    )}`,
  );
}

/** The threshold of an id that somebody typed. */
export function thresholdNamed(id: string): Pick<Threshold<never>, 'id' | 'limit' | 'count'> {
  const { shape } = knownDetection(id) as Declaration & { readonly shape: string };
  const known = catalogue.flatMap(({ detection }) => (detection.shape === 'threshold' ? [detection] : [])).find((each) => each.id === id);
  if (known !== undefined) return known;
  throw new UsageError(`${id} counts nothing over a window (it is a ${shape}): suppress whom you know`);
}

/** Refuses a strategy that is none. */
export function knownStrategy(name: string): void {
  const strategies = [...new Set(catalogue.map(({ strategy }) => strategy))];
  if (!strategies.includes(name)) throw new UsageError(`${name}: there is no such strategy${suggestion(name, strategies)}`);
}

/** What somebody may have meant: names it is a part of, else those in reach of some typing errors. */
function suggestion(word: string, names: readonly string[]): string {
  const near = names.map((name) => ({ name, edits: editsBetween(word, name) })).sort((a, b) => a.edits - b.edits);
  const parts = word.length < 4 ? [] : names.filter((name) => name.includes(word)).slice(0, 3);
  const meant = parts.length > 0 ? parts : near.slice(0, 1).flatMap(({ name, edits }) => (edits <= name.length / 2 ? [name] : []));
  return meant.length === 0 ? '; npm run catalogue lists them' : `; did you mean ${meant.join(' or ')}?`;
}

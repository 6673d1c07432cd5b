import { Replay } from '../../cli/replaying.ts';
import { type Catalogue, Judge } from '../evasion/judging.ts';
import { lookAlikes } from '../evasion/look-alikes.ts';
import { apt } from '../evasion/expected.ts';
import { replay } from '../evasion/replay.ts';
import { replayed } from '../evasion/samples.ts';
import { type Variant, variants } from '../evasion/variants.ts';
import { detectionsIn, quietScreen, replayOptionsFor, samplesIn } from '../support/samples.ts';
import { touchedBy } from './importers.ts';
import { catalogueWith } from './loading.ts';
import type { Mutant } from './mutants.ts';

/** By what each variant is found as the product is: names of detections by name of the variant. */
export type Finders = ReadonlyMap<string, readonly string[]>;

/** What noticed a mutant; nothing where it survived. */
export async function killerOf(mutant: Mutant, finders: Finders): Promise<string | undefined> {
  let whole: Catalogue;
  try {
    whole = await catalogueWith(mutant);
  } catch (error) {
    return `does not load: ${String(error).split('\n', 1)[0] ?? ''}`;
  }
  const touched = touchedBy(mutant.file);
  const catalogue = whole.filter(({ strategy, detection }) => touched.has(`shared/detections/${strategy}/${detection.id}.ts`));
  return (await sampleAgainst(catalogue, whole)) ?? (await variantAgainst(catalogue, finders)) ?? (await lookAlikeAgainst(catalogue));
}

/** A sample that is no longer found, or no longer silent. */
async function sampleAgainst(catalogue: Catalogue, whole: Catalogue): Promise<string | undefined> {
  for (const { strategy, detection } of catalogue) {
    // What judges findings of others needs the others.
    const used = detection.shape === 'sequence' ? whole : catalogue;
    for (const sample of samplesIn(strategy, detection.id)) {
      const { alerts } = await new Replay(replayOptionsFor(sample), used).run(quietScreen);
      if (alerts.some((alert) => detectionsIn(alert).includes(detection.id)) !== sample.fires)
        return `sample ${detection.id} ${sample.name}`;
    }
  }
  return undefined;
}

/** A variant that is no longer found by anybody. */
async function variantAgainst(catalogue: Catalogue, finders: Finders): Promise<string | undefined> {
  const ids = new Set(catalogue.map(({ detection }) => detection.id));
  const judge = new Judge(catalogue);
  const rests = (variant: Variant): boolean => {
    const found = finders.get(variant.name) ?? [];
    return found.length > 0 && found.every((id) => ids.has(id));
  };
  for (const variant of variants) {
    if (!rests(variant)) continue;
    const fate = await judge.fateOf(variant);
    if (fate.finders.length === 0 || fate.faults.length > 0) return `variant ${variant.name}`;
  }
  return undefined;
}

/** A silent sample that is found once it looks a little different. */
async function lookAlikeAgainst(catalogue: Catalogue): Promise<string | undefined> {
  for (const { strategy, detection } of catalogue) {
    for (const sample of samplesIn(strategy, detection.id).filter(({ fires }) => !fires)) {
      const plain = replayed(sample);
      for (const { name, apply } of lookAlikes) {
        const key = `${detection.id} ${sample.name}, ${name}`;
        const other = Object.hasOwn(apt, key) ? undefined : apply(plain);
        if (other === undefined) continue;
        const { findings } = await replay(catalogue, other);
        if (findings.some((finding) => finding.detection === detection.id)) return `look-alike ${key}`;
      }
    }
  }
  return undefined;
}

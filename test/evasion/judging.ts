import type { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { SiteSettings } from '../../shared/contract/site.ts';
import type { Registered } from '../../shared/detect/finding.ts';
import type { Detection } from '../../shared/detect/kit.ts';
import { atLeast } from '../../shared/model/finding.ts';
import type { Attack } from './attack.ts';
import { weekBefore } from './history.ts';
import { replay } from './replay.ts';
import type { Variant } from './variants.ts';

export type Catalogue = readonly Registered<Detection>[];

/** What became of a variant. */
export interface Fate {
  readonly variant: Variant;
  /** Detections that found it: each names a row of the attack and is grave enough, or is accepted. */
  readonly finders: readonly string[];
  /** What else was found, with severities: a near miss. */
  readonly others: readonly string[];
  readonly records: number;
  readonly rejects: readonly string[];
  readonly faults: readonly string[];
}

/** Whether any detection says that it finds the attack. */
export function isClaimed({ rows }: Attack, catalogue: Catalogue): boolean {
  return catalogue.some(({ detection }) => detection.rows.some((row) => rows.includes(row)));
}

/** What the operator said: without a list of images, no image is foreign. */
const site: SiteSettings = { images: { allowed: ['111122223333.dkr.ecr.eu-central-1.amazonaws.com/**'] } };

/** Sends variants through the pipeline of a catalogue, each after the same ordinary week. */
export class Judge {
  private readonly catalogue: Catalogue;
  private learnt: Promise<MemoryState> | undefined;

  constructor(catalogue: Catalogue) {
    this.catalogue = catalogue;
  }

  async fateOf(variant: Variant): Promise<Fate> {
    this.learnt ??= replay(this.catalogue, { learnt: [{ path: 'week', text: weekBefore().join('\n') }], arrivals: [] }).then(
      ({ state }) => state,
    );
    const { findings, ...rest } = await replay(this.catalogue, {
      site,
      remembered: await this.learnt,
      learnt: variant.learnt.length === 0 ? [] : [{ path: 'before', text: variant.learnt.join('\n') }],
      arrivals: variant.arrivals.map((lines, at) => [{ path: `arrival-${String(at)}`, text: lines.join('\n') }]),
    });
    const rowsOf = new Map(this.catalogue.map(({ detection }) => [detection.id, detection.rows]));
    const named = findings.filter(({ detection }) => rowsOf.get(detection)?.some((row) => variant.attack.rows.includes(row)) === true);
    const finders = [
      ...named.filter(({ severity }) => atLeast(severity, variant.least)),
      ...findings.filter(({ detection }) => variant.accepts.includes(detection)),
    ].map(({ detection }) => detection);
    const others = findings
      .filter(({ detection }) => !finders.includes(detection))
      .map(({ detection, severity }) => `${detection} (${severity})`);
    return {
      variant,
      finders: [...new Set(finders)],
      others: [...new Set(others)],
      records: rest.records,
      rejects: rest.rejects,
      faults: rest.faults,
    };
  }
}

/**
 * The blind spot that a variant stands in: `attack / form, disguise` is one variant, `attack / form` the form in
 * every disguise, `attack, disguise` every form in the disguise, `attack` all of them.
 */
export function blindKeyOf(name: string, blind: Readonly<Record<string, string>>): string | undefined {
  const [form = '', disguise] = name.split(', ');
  const [attack = ''] = form.split(' / ');
  const keys = [name, form, ...(disguise === undefined ? [] : [`${attack}, ${disguise}`]), attack];
  return keys.find((key) => Object.hasOwn(blind, key));
}

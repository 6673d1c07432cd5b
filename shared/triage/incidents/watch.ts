import type { Registered } from '../../detect/finding.ts';
import { type Detection, floorOf, namedIn, type Sequence } from '../../detect/kit.ts';
import { closeLinks, type LinkKind } from '../../detect/links.ts';
import { atLeast, type Severity } from '../../model/finding.ts';
import { hour } from '../../model/time.ts';

/** Sequences within an hour are watched in finer slots than those that may take a day. */
export type Horizon = 'near' | 'far';

/** The horizon in which a sequence is watched. */
export function horizonOf({ within }: Sequence): Horizon {
  return within <= hour ? 'near' : 'far';
}

/** What findings are waited for, and on which kinds of links. */
export interface Watch {
  readonly sequences: readonly Registered<Sequence>[];
  readonly detections: ReadonlyMap<string, Registered<Detection>>;
}

const watches = new WeakMap<readonly Registered<Detection>[], Watch>();

/** What a catalogue waits for. */
export function watchOf(catalogue: readonly Registered<Detection>[]): Watch {
  const known = watches.get(catalogue);
  if (known !== undefined) return known;
  const watch = {
    sequences: catalogue.filter((registered): registered is Registered<Sequence> => registered.detection.shape === 'sequence'),
    detections: new Map(catalogue.map((registered) => [registered.detection.id, registered])),
  };
  watches.set(catalogue, watch);
  return watch;
}

/** A finding as steps ask for it. */
export interface Seen {
  readonly detection: string;
  readonly severity: Severity;
}

/** Whether a sequence follows findings on links of a kind. */
export function isOn({ on = closeLinks }: Sequence, kind: LinkKind): boolean {
  return on.includes(kind);
}

/** Whether a finding meets a step. */
export function meets(step: Sequence['steps'][number], { detection, severity }: Seen): boolean {
  const named = namedIn(step);
  if (named.length > 0 && !named.includes(detection)) return false;
  const bar = floorOf(step);
  return bar === undefined || atLeast(severity, bar);
}

/** Whether a finding means something to a sequence. */
function concerns({ steps, tactics }: Sequence, seen: Seen): boolean {
  return tactics === undefined ? steps.some((step) => meets(step, seen)) : atLeast(seen.severity, 'medium');
}

/** The horizons in which somebody waits for a finding on links of a kind. */
export function wantedIn({ sequences }: Watch, seen: Seen, kind: LinkKind): Horizon[] {
  const waiting = sequences.filter(({ detection }) => isOn(detection, kind) && concerns(detection, seen));
  return [...new Set(waiting.map(({ detection }) => horizonOf(detection)))];
}

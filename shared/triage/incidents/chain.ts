import type { Registered } from '../../detect/finding.ts';
import type { Sequence } from '../../detect/kit.ts';
import type { Severity } from '../../model/finding.ts';
import type { Sighting } from './sightings.ts';

/** A sequence whose every step was sighted in order and in time. */
export interface Chain {
  readonly registered: Registered<Sequence>;
  readonly severity: Severity;
  /** With the sequence and the link, what tells it from others: of chains that begin in one stretch of time one is told. */
  readonly key: string;
  /** The earliest way through all steps. */
  readonly path: readonly Sighting[];
  /** All sightings that are a step on some way through. */
  readonly members: readonly Sighting[];
}

/** Of chains that begin in the same stretch of time one is told. */
export function bucketOf({ time }: Pick<Sighting, 'time'>, { within }: Sequence): string {
  return String(Math.floor(time / within));
}

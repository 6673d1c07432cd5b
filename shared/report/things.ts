import type { Thing } from '../model/deed.ts';
import type { Severity } from '../model/finding.ts';

/** One touched another. */
export interface Touch {
  readonly from: Thing;
  readonly to: Thing;
  readonly did: string;
  /** Where traffic was summed: how much. */
  readonly bytes?: number;
  readonly severity: Severity;
  /** Tells repeated tellings of one touch apart from several touches. */
  readonly key: string;
}

/** How a thing is known in a picture. */
export function keyOf({ kind, name }: Thing): string {
  return `${kind} ${name}`;
}

import type { Severity } from '../model/finding.ts';

/** Who acts or is acted on, as a picture shows it. */
export interface Thing {
  readonly kind: 'address' | 'identity' | 'workload' | 'pod' | 'node' | 'object' | 'outside';
  readonly name: string;
}

/** One touched another. */
export interface Deed {
  readonly from: Thing;
  readonly to: Thing;
  readonly did: string;
  /** Where traffic was summed: how much. */
  readonly bytes?: number;
  readonly severity: Severity;
  /** Tells repeated tellings of one deed apart from several deeds. */
  readonly key: string;
}

/** How a thing is known in a picture. */
export function keyOf({ kind, name }: Thing): string {
  return `${kind} ${name}`;
}

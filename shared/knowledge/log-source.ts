import type { Entity } from '../model/entity.ts';
import type { IntakeEvent } from '../model/intake.ts';

/** The log that a trouble was found in: its group, since an adversary could make up a stream for every line. */
export function logSourceOf({ place }: IntakeEvent): Entity {
  const group = place.split(':', 1)[0] ?? place;
  return { kind: 'log-source', id: group, name: group };
}

import type { Merge } from '../../state/store.ts';
import { expiryOf, type Notice, type Sighting, stretchKey, stretchOf } from './sightings.ts';
import type { Knot } from './incident.ts';
import type { Horizon } from './watch.ts';

/** The set of a link's item that says it has an incident: what comes later joins. */
export const marks = 'i';

const horizons: readonly Horizon[] = ['near', 'far'];

/** Marks a link, in both horizons, wherever a chain of its incident has a step. */
export function markOf(notices: readonly Notice[], steps: readonly Sighting[], { id }: Knot): Merge[] {
  const [notice] = notices;
  if (notice === undefined) return [];
  const link = notice.merge.key.split(':')[2] ?? '';
  return horizons.flatMap((horizon) =>
    [...new Set(steps.map(({ time }) => stretchOf(time, horizon)))].map((stretch) => ({
      key: stretchKey(horizon, link, stretch),
      sets: { [marks]: [id] },
      expires: expiryOf(horizon, stretch),
      cap: 1,
    })),
  );
}

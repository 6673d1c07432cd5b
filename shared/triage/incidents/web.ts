import { day, dayOf } from '../../model/time.ts';
import { combine, type Merge, type StateStore } from '../../state/store.ts';
import type { Knot } from './incident.ts';
import type { Sighting } from './sightings.ts';

/*
 * Incidents on different links that share a step hang together. Each step names the incidents that it is part of, and each
 * incident those that it shares a step with: unions both, so the last to come sees all.
 */

/** Steps of one incident by which others are found, the earliest first; incidents that may hang together. */
const mostSteps = 40;
const mostKnots = 30;
/** An account is in many incidents over the years: those of different weeks are different stories. */
const nearDays = 7;
const keptDays = 30;

const incidents = 'k';

/** All incidents that hang together with one, itself among them. */
export async function webOf(knot: Knot, steps: readonly Sighting[], state: StateStore): Promise<readonly Knot[]> {
  const shared = await state.merge(combine(steps.slice(0, mostSteps).map((step) => shareMerge(knot, step))));
  const neighbours = new Map<string, { readonly other: Knot; readonly time: number }>();
  for (const { time, alert, id } of steps.slice(0, mostSteps))
    for (const text of shared.get(stepKey(alert, id))?.sets.get(incidents) ?? []) {
      const other = readKnot(text);
      if (other.id !== knot.id) neighbours.set(other.id, { other, time });
    }
  const edges = [...neighbours.values()].flatMap(({ other, time }) => [edgeMerge(knot, other, time), edgeMerge(other, knot, time)]);
  if (edges.length > 0) await state.merge(combine(edges));
  return walk(knot, steps.map(({ time }) => dayOf(time))[0] ?? 0, state);
}

async function walk(start: Knot, today: number, state: StateStore): Promise<readonly Knot[]> {
  const web = new Map([[start.id, start]]);
  let frontier: readonly Knot[] = [start];
  while (frontier.length > 0 && web.size < mostKnots) {
    const items = await state.read(frontier.map(webKey), 'strong');
    frontier = [...items.values()].flatMap(({ sets }) =>
      [...(sets.get(incidents) ?? [])].sort().flatMap((text) => {
        const [on = '', ...rest] = text.split(' ');
        const knot = readKnot(rest.join(' '));
        if (web.has(knot.id) || Math.abs(Number(on) - today) > nearDays) return [];
        web.set(knot.id, knot);
        return [knot];
      }),
    );
  }
  return [...web.values()];
}

const stepKey = (alert: string, id: string): string => `chain:step:${alert}:${id}`;
const webKey = ({ id }: Knot): string => `chain:web:${id}`;
const knotText = ({ id, link }: Knot): string => `${id} ${link}`.toWellFormed();

function readKnot(text: string): Knot {
  const [id = '', ...link] = text.split(' ');
  return { id, link: link.join(' ') };
}

function shareMerge(knot: Knot, { time, alert, id }: Sighting): Merge {
  return { key: stepKey(alert, id), sets: { [incidents]: [knotText(knot)] }, expires: time + keptDays * day, cap: mostKnots };
}

function edgeMerge(from: Knot, to: Knot, time: number): Merge {
  return {
    key: webKey(from),
    sets: { [incidents]: [`${String(dayOf(time))} ${knotText(to)}`] },
    expires: time + keptDays * day,
    cap: 2 * mostKnots,
  };
}

import type { Registered } from '../../detect/finding.ts';
import type { Sequence } from '../../detect/kit.ts';
import { bucketOf, type Chain } from './chain.ts';
import { campaignsOf } from './campaigns.ts';
import { grain, type Sighting } from './sightings.ts';
import { meets, type Watch } from './watch.ts';

/**
 * The chains of a sequence among the sightings of a link, in their order of time. More sightings never take a chain or a
 * member away: whatever the order of arrival, it comes to the same.
 */
export function chainsOf(registered: Registered<Sequence>, sightings: readonly Sighting[], watch: Watch): Chain[] {
  const { detection } = registered;
  if (detection.tactics !== undefined) return campaignsOf(registered, detection.tactics, sightings, watch);
  const chains = new Map<string, { readonly path: readonly Sighting[]; readonly members: Set<Sighting> }>();
  for (const [start, ...rest] of detection.unordered === true ? permutations(detection.steps) : [detection.steps]) {
    const candidates = rest.map((step) => sightings.filter((each) => meets(step, each)));
    if (start === undefined || candidates.some(({ length }) => length === 0)) continue;
    for (const first of sightings) {
      if (!meets(start, first)) continue;
      const steps = stepsAfter(first, candidates, detection);
      if (steps === undefined) continue;
      const key = bucketOf(first, detection);
      const chain = chains.get(key) ?? { path: [first, ...steps.flatMap(([earliest]) => earliest ?? [])], members: new Set([first]) };
      chains.set(key, chain);
      for (const step of [[first], ...steps]) for (const each of step) chain.members.add(each);
    }
  }
  return [...chains].map(([key, { path, members }]) => ({ registered, severity: detection.severity, key, path, members: [...members] }));
}

/** For each step after a first one, the sightings that some way through all steps passes; absent where there is none. */
function stepsAfter(
  first: Sighting,
  candidates: readonly (readonly Sighting[])[],
  { within, apart = -grain }: Pick<Sequence, 'within' | 'apart'>,
): readonly (readonly Sighting[])[] | undefined {
  // What is spread over a time may have come at its end.
  const follows = (next: Sighting, reached: number): boolean => next.until >= reached + apart && next.time - first.time <= within;
  const reached = [first.time];
  const steps: Sighting[][] = [];
  for (const step of candidates) {
    const before = reached.at(-1) ?? first.time;
    const found = step.filter((each) => each !== first && follows(each, before));
    if (found.length === 0) return undefined;
    steps.push(found);
    reached.push(Math.max(before, Math.min(...found.map(({ time }) => time))));
  }
  for (let step = steps.length - 2; step >= 0; step--) {
    // Whether anything may follow is the last one's to say, or the last but one's where that is the same finding.
    const lastTwo = (steps[step + 1] ?? []).toSorted((a, b) => b.until - a.until).slice(0, 2);
    const before = reached[step] ?? first.time;
    steps[step] = (steps[step] ?? []).filter((each) =>
      lastTwo.some((later) => later !== each && follows(later, Math.max(before, each.time))),
    );
  }
  return steps.every(({ length }) => length > 0) ? steps : undefined;
}

function permutations<T>(steps: readonly T[]): (readonly T[])[] {
  if (steps.length <= 1) return [steps];
  return steps.flatMap((step, at) => permutations(steps.toSpliced(at, 1)).map((rest) => [step, ...rest]));
}

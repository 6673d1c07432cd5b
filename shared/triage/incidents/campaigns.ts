import type { Registered } from '../../detect/finding.ts';
import type { Sequence } from '../../detect/kit.ts';
import { phaseOf } from '../../knowledge/kill-chain.ts';
import { atLeast, type Severity } from '../../model/finding.ts';
import { minute } from '../../model/time.ts';
import { bucketOf, type Chain } from './chain.ts';
import type { Sighting } from './sightings.ts';
import type { Watch } from './watch.ts';

/** Strategies whose findings one deployment may bring together: what is written to a cluster to run something in it. */
const deploying: ReadonlySet<string> = new Set([
  ...['admission-control', 'container-spraying', 'exposure', 'guard-rails', 'host-access', 'iam-mapping', 'imitation'],
  ...[
    'malicious-workload',
    'network-policy',
    'resource-manipulation',
    'role-bindings',
    'roles',
    'workload-placement',
    'workload-tampering',
  ],
]);

/** Windows begin on the quarter of an hour. */
const cell = 15 * minute;

/** All that a deployment touches is one act. */
const deployment = -1;

/** Phases that follow each other in time before an attack counts as one in order. */
const phasesInOrder = 3;

/**
 * Many tactics on one link within the time. Low findings count for nothing, all of a deployment for one tactic, and so does all
 * that comes in one minute: one request is told of by several detections, and one command sends many. More sightings never
 * make fewer tactics.
 */
export function campaignsOf(registered: Registered<Sequence>, least: number, all: readonly Sighting[], { detections }: Watch): Chain[] {
  const { detection } = registered;
  const weighty = all.filter(({ severity, tactic }) => atLeast(severity, 'medium') && phaseOf(tactic) !== undefined);
  const acts = new Map(
    weighty.map((each) => [
      each,
      deploying.has(detections.get(each.detection)?.strategy ?? '') ? deployment : Math.floor(each.time / minute),
    ]),
  );
  const chains = new Map<string, { readonly severity: Severity; readonly path: readonly Sighting[]; readonly members: Set<Sighting> }>();
  const cellOf = (time: number): number => Math.floor(time / cell) * cell;
  let begin = 0;
  let end = 0;
  // Windows begin with cells of time and not with each sighting: a storm has many of those.
  for (const start of new Set(weighty.map(({ time }) => cellOf(time)))) {
    while ((weighty[begin]?.time ?? start) < start) begin += 1;
    while (end < weighty.length && cellOf(weighty[end]?.time ?? 0) - start <= detection.within) end += 1;
    const window = weighty.slice(begin, end);
    const path = tacticsOf(window, acts);
    if (path.length < least) continue;
    const key = bucketOf({ time: start }, detection);
    const severities = new Map([[key, detection.severity]]);
    if (phasesReached(window) >= phasesInOrder) severities.set(`${key} in order`, 'critical');
    for (const [name, severity] of severities) {
      const chain = chains.get(name) ?? { severity, path, members: new Set() };
      chains.set(name, chain);
      for (const each of window) chain.members.add(each);
    }
  }
  return [...chains].map(([key, { members, ...chain }]) => ({ registered, key, ...chain, members: [...members] }));
}

/** No more acts are needed of a tactic than there are tactics to take them. */
const mostActs = 16;

/** A sighting for as many tactics as there are acts to show for them: a maximum matching of tactics and acts. */
function tacticsOf(window: readonly Sighting[], acts: ReadonlyMap<Sighting, number>): readonly Sighting[] {
  const byTactic = new Map<string, Map<number, Sighting>>();
  for (const each of window) {
    const known = byTactic.get(each.tactic) ?? new Map<number, Sighting>();
    byTactic.set(each.tactic, known);
    const act = acts.get(each) ?? deployment;
    if (known.size < mostActs && !known.has(act)) known.set(act, each);
  }
  const taken = new Map<number, Sighting>();
  const find = (tactic: string, tried: Set<number>): boolean => {
    for (const [act, each] of byTactic.get(tactic) ?? []) {
      if (tried.has(act)) continue;
      tried.add(act);
      const holder = taken.get(act);
      if (holder !== undefined && !find(holder.tactic, tried)) continue;
      taken.set(act, each);
      return true;
    }
    return false;
  };
  for (const tactic of byTactic.keys()) find(tactic, new Set());
  return [...taken.values()].sort((one, other) => one.time - other.time);
}

/** How many phases were reached one after the other, in different minutes. */
function phasesReached(window: readonly Sighting[]): number {
  let runs = [0, 0, 0, 0, 0];
  for (const [, together] of Map.groupBy(window, ({ time }) => Math.floor(time / minute))) {
    const before = runs;
    runs = [...before];
    for (const { tactic } of together) {
      const phase = phaseOf(tactic) ?? 0;
      runs[phase] = Math.max(runs[phase] ?? 0, 1 + Math.max(0, ...before.slice(0, phase)));
    }
  }
  return Math.max(...runs);
}

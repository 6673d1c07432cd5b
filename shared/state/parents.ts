import { Distribution, type Parent, type StoredTotals } from './distribution.ts';
import { parentKey, profileDocument } from './profile.ts';
import type { StateDocument } from './store.ts';

/**
 * Groups that have a profile. Anybody who may make namespaces can make groups; those beyond are spoken for by their cluster.
 * Which ones are kept rests on their hashed names alone, not on the order in which they came.
 */
const mostGroups = 20_000;

/** Sums up what all shards saw into the profiles of groups, clusters and the fleet. */
export class Parents {
  private readonly most: number;
  private readonly fleet = new Map<string, Distribution>();
  private readonly clusters = new Map<string, { readonly parent: Parent; readonly distribution: Distribution }>();
  private groups = new Map<string, { readonly parent: Parent; readonly distribution: Distribution }>();
  private readonly days = new Map<string, Set<number>>();

  constructor(most = mostGroups) {
    this.most = most;
  }

  join({ days, groups }: StoredTotals): void {
    for (const [scope, some] of days) {
      const known = this.days.get(scope) ?? new Set();
      for (const day of some) known.add(day);
      this.days.set(scope, known);
    }
    for (const { parent, distribution } of groups) {
      const { detection, scope, group } = parent;
      const fleet = this.fleet.get(detection) ?? new Distribution();
      fleet.join(distribution);
      this.fleet.set(detection, fleet);
      joinInto(this.clusters, parentKey(detection, scope), parent, distribution);
      // The group's digest comes first, so that the order among groups is nobody's choice.
      if (group !== undefined) joinInto(this.groups, `${group} ${parentKey(detection, scope)}`, parent, distribution);
    }
    if (this.groups.size > 2 * this.most) this.dropSurplus();
  }

  /** The profiles, each under its own key. */
  *documents(generation: number): Iterable<StateDocument> {
    this.dropSurplus();
    const days = (scope: string): number => this.days.get(scope)?.size ?? 0;
    for (const [detection, distribution] of this.fleet)
      yield profileDocument(parentKey(detection), distribution.profile(generation, Math.max(0, ...[...this.days.keys()].map(days))));
    for (const [key, { parent, distribution }] of this.clusters)
      yield profileDocument(key, distribution.profile(generation, days(parent.scope)));
    for (const { parent, distribution } of this.groups.values())
      yield profileDocument(parentKey(parent.detection, parent.scope, parent.group), distribution.profile(generation, days(parent.scope)));
  }

  private dropSurplus(): void {
    if (this.groups.size <= this.most) return;
    const names = [...this.groups].sort(([one], [other]) => (one < other ? -1 : 1));
    this.groups = new Map(names.slice(0, this.most));
  }
}

function joinInto(
  into: Map<string, { readonly parent: Parent; readonly distribution: Distribution }>,
  name: string,
  parent: Parent,
  distribution: Distribution,
): void {
  let known = into.get(name);
  if (known === undefined) into.set(name, (known = { parent, distribution: new Distribution() }));
  known.distribution.join(distribution);
}

import { at, list, number, object, text } from '../model/json.ts';
import { everyTime, type Profile, profileFrom } from './profile.ts';
import { sampleOf, Sketch, type Tally } from './sketch.ts';

/**
 * Windows of one counter that its parents learn from, in a class of time. One that is always busy would otherwise be its
 * whole group, and whoever makes noise would teach everybody.
 */
const mostOfOne = 16;

/** How the windows of many counters lie, by class of time. */
export class Distribution {
  private readonly classes = new Map<string, Sketch>();

  /** Bins that hold something. */
  get size(): number {
    let size = 0;
    for (const sketch of this.classes.values()) size += sketch.size;
    return size;
  }

  add(tallies: ReadonlyMap<string, Tally>): void {
    for (const [name, tally] of tallies) for (const count of sampleOf(tally, mostOfOne)) this.sketchOf(name).add(count);
  }

  join(other: Distribution): void {
    for (const [name, sketch] of other.classes) this.sketchOf(name).join(sketch);
  }

  profile(generation: number, days: number): Profile {
    const spreads = [...this.classes].map(([name, sketch]) => [name, sketch.spread()] as const);
    return profileFrom(generation, days, spreads);
  }

  toJSON(): Record<string, Sketch> {
    return Object.fromEntries(this.classes);
  }

  static from(value: unknown): Distribution {
    const distribution = new Distribution();
    for (const [name, numbers] of Object.entries(object(value) ?? {}))
      distribution.classes.set(name, Sketch.from(list(numbers).flatMap((each) => number(each) ?? [])));
    return distribution;
  }

  private sketchOf(name: string): Sketch {
    let sketch = this.classes.get(name);
    if (sketch === undefined) this.classes.set(name, (sketch = new Sketch()));
    return sketch;
  }
}

/** Whose habits a distribution shows: a group's, or those of a cluster's counters that are in none. */
export interface Parent {
  readonly detection: string;
  readonly scope: string;
  readonly group: string | undefined;
}

/** What some counters tell of their parents: sums that may be made in any order. */
export class Totals {
  private readonly groups = new Map<string, { readonly parent: Parent; readonly distribution: Distribution }>();
  private readonly days = new Map<string, Set<number>>();
  private bins = 0;

  /** What the totals weigh: about a thirtieth of their characters at most. */
  get size(): number {
    return this.bins + 3 * this.groups.size;
  }

  /** Notes that something was counted in a cluster on a day. */
  noteDay(scope: string, day: number): void {
    const days = this.days.get(scope) ?? new Set();
    if (!days.has(day)) this.bins += 1;
    this.days.set(scope, days.add(day));
  }

  add(parent: Parent, tallies: ReadonlyMap<string, Tally>): void {
    if (!tallies.has(everyTime)) return;
    const name = JSON.stringify([parent.detection, parent.scope, parent.group]);
    const known = this.groups.get(name) ?? { parent, distribution: new Distribution() };
    const before = known.distribution.size;
    known.distribution.add(tallies);
    this.bins += known.distribution.size - before;
    this.groups.set(name, known);
  }

  /** The totals as text, with the position at which the page after them begins. */
  toText(next: string | undefined): string {
    return JSON.stringify({
      next,
      days: [...this.days].map(([scope, days]) => [scope, ...days]),
      groups: [...this.groups.values()].map(({ parent: { detection, scope, group }, distribution }) => [
        detection,
        scope,
        group ?? null,
        distribution,
      ]),
    });
  }
}

/** One page of totals as it was stored. */
export interface StoredTotals {
  readonly next: string | undefined;
  readonly days: readonly (readonly [scope: string, days: readonly number[]])[];
  readonly groups: readonly { readonly parent: Parent; readonly distribution: Distribution }[];
}

/** Reads what {@link Totals.toText} wrote. */
export function totalsIn(stored: unknown): StoredTotals {
  return {
    next: text(at(stored, 'next')),
    days: list(at(stored, 'days')).map((entry) => {
      const [scope, ...days] = list(entry);
      return [text(scope) ?? '', days.flatMap((each) => number(each) ?? [])];
    }),
    groups: list(at(stored, 'groups')).map((entry) => {
      const [detection, scope, group, distribution] = list(entry);
      const parent = { detection: text(detection) ?? '', scope: text(scope) ?? '', group: text(group) };
      return { parent, distribution: Distribution.from(distribution) };
    }),
  };
}

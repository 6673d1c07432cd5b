import { minute } from '../model/time.ts';
import { everyTime, type Profile, profileFrom, timeClass } from './profile.ts';
import { spreadOf, type Tally } from './sketch.ts';
import { tallied, tallyIn } from './counts/tallies.ts';
import type { StateItem } from './store.ts';

/**
 * Learns a counter from the tallies of its days as they pass in order of time. Only
 * windows in which something was counted teach: a stretch without any, which a gap in the telemetry looks like, says nothing.
 * Nor do windows in which the threshold fired.
 */
export class CounterHabits {
  readonly counter: string;
  private readonly length: number;
  private readonly fired = new Set<number>();
  private readonly tallies = new Map<string, Map<number, number>>();
  private readonly days = new Set<number>();

  constructor(counter: string, length: number) {
    this.counter = counter;
    this.length = length;
  }

  /** Takes in the next day. */
  add(item: StateItem): void {
    const { counts, fired } = tallyIn(item);
    for (const stretch of fired) this.fired.add(stretch);
    for (const [stretch, count] of counts) {
      // A window may begin in one stretch and end in the next.
      if (this.fired.has(stretch) || this.fired.has(stretch - 1)) continue;
      const time = stretch * this.length * minute;
      this.days.add(tallied(item.key).day);
      for (const name of [everyTime, timeClass(time)]) {
        const tally = this.tallies.get(name) ?? new Map<number, number>();
        tally.set(count, (tally.get(count) ?? 0) + 1);
        this.tallies.set(name, tally);
      }
    }
  }

  /** How often each count was seen, by class of time. */
  classes(): ReadonlyMap<string, Tally> {
    return this.tallies;
  }

  profile(generation: number): Profile {
    const spreads = [...this.classes()].map(([name, tally]) => [name, spreadOf(tally)] as const);
    return profileFrom(generation, this.days.size, spreads);
  }
}

import { dayOf, minute } from '../model/time.ts';
import { everyTime, type Profile, profileFrom, timeClass } from './profile.ts';
import { spreadOf, type Tally } from './sketch.ts';
import type { StateItem } from './store.ts';
import { counterOf, firedSet, minutesOf } from './window.ts';

/**
 * Learns a counter from its items as they pass in order of time, and holds no more than a window's members. Only
 * windows in which something was counted teach: a stretch without any, which a gap in the telemetry looks like, says nothing.
 * Nor do windows in which the threshold fired.
 */
export class CounterHabits {
  readonly counter: string;
  private readonly length: number;
  private readonly fired = new Set<number>();
  private readonly open = new Map<number, Set<string>>();
  private readonly tallies = new Map<string, Map<number, number>>();
  private readonly days = new Set<number>();

  constructor(counter: string, length: number) {
    this.counter = counter;
    this.length = length;
  }

  add(item: StateItem): void {
    this.close(counterOf(item.key).start / minute);
    for (const stretch of item.sets.get(firedSet) ?? []) this.fired.add(Number(stretch));
    for (const [at, members] of minutesOf([item])) {
      const stretch = Math.floor(at / this.length);
      const counted = this.open.get(stretch) ?? new Set();
      for (const member of members) counted.add(member);
      if (counted.size > 0) this.open.set(stretch, counted);
    }
  }

  /** How often each count was seen, by class of time. */
  classes(): ReadonlyMap<string, Tally> {
    this.close(Infinity);
    return this.tallies;
  }

  profile(generation: number): Profile {
    const spreads = [...this.classes()].map(([name, tally]) => [name, spreadOf(tally)] as const);
    return profileFrom(generation, this.days.size, spreads);
  }

  /** Counts the stretches that ended at a minute: what fired in them stands in items that have passed. */
  private close(now: number): void {
    for (const [stretch, { size }] of this.open) {
      if ((stretch + 1) * this.length > now) continue;
      this.open.delete(stretch);
      // A window may begin in one stretch and end in the next.
      if (this.fired.has(stretch) || this.fired.has(stretch - 1)) continue;
      const time = stretch * this.length * minute;
      this.days.add(dayOf(time));
      for (const name of [everyTime, timeClass(time)]) {
        const tally = this.tallies.get(name) ?? new Map<number, number>();
        tally.set(size, (tally.get(size) ?? 0) + 1);
        this.tallies.set(name, tally);
      }
    }
  }
}

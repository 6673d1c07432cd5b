import { setImmediate as turn } from 'node:timers/promises';

interface Entry {
  readonly time: number;
  readonly order: number;
  readonly begin: () => void;
}

/**
 * Simulated time, and whose turn it is: whoever waits is woken in order of time, one after the other, and runs until it
 * waits again. Nothing else decides what runs when, so equal seeds give equal runs.
 */
export class Agenda {
  now: number;
  private readonly entries: Entry[] = [];
  private made = 0;

  constructor(now: number) {
    this.now = now;
  }

  /** Resolves once that much time has passed. */
  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.at(this.now + milliseconds, resolve);
    });
  }

  /** Begins something at a time; at one moment, whoever asked first. */
  at(time: number, begin: () => void): void {
    const entry = { time: Math.max(time, this.now), order: this.made++, begin };
    let [low, high] = [0, this.entries.length];
    // The next to begin stands last.
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.entries[middle] as Entry;
      if (other.time > entry.time || (other.time === entry.time && other.order > entry.order)) low = middle + 1;
      else high = middle;
    }
    this.entries.splice(low, 0, entry);
  }

  /** Lets time pass until nobody waits for anything. */
  async run(): Promise<void> {
    for (let next = this.entries.pop(); next !== undefined; next = this.entries.pop()) {
      this.now = next.time;
      next.begin();
      // Everything in between is done in microtasks: the turn is over when none is left.
      await turn();
    }
  }
}

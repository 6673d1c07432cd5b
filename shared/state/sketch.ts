import type { Spread } from './profile.ts';

/** How often each count was seen. */
export type Tally = ReadonlyMap<number, number>;

/** Counts below this have a bin each; above it a power of two has half as many bins. */
const exact = 64;
const perPower = exact / 2;

/** The greatest relative error of a count that a {@link Sketch} gives back. */
export const relativeError = 1 / exact;

function binOf(count: number): number {
  if (count < exact) return count;
  const shift = 26 - Math.clz32(count);
  return exact + (shift - 1) * perPower + (count >>> shift) - perPower;
}

/** The middle of a bin. */
function countIn(bin: number): number {
  if (bin < exact) return bin;
  const shift = Math.floor((bin - exact) / perPower) + 1;
  const least = (((bin - exact) % perPower) + perPower) * 2 ** shift;
  return least + (2 ** shift - 1) / 2;
}

/**
 * A histogram with logarithmic bins: how the counts of many counters lie. Bins hold whole numbers, so that joining sketches is
 * commutative and associative to the last digit, whoever joins them in which order.
 */
export class Sketch {
  private readonly bins = new Map<number, number>();
  private max = 0;

  /** How many bins hold something: what the sketch weighs. */
  get size(): number {
    return this.bins.size;
  }

  add(count: number, times = 1): void {
    this.max = Math.max(this.max, count);
    this.put(binOf(count), times);
  }

  join(other: Sketch): void {
    this.max = Math.max(this.max, other.max);
    for (const [bin, times] of other.bins) this.put(bin, times);
  }

  spread(): Spread {
    return { ...spreadOf(new Map([...this.bins].map(([bin, times]) => [countIn(bin), times]))), max: this.max };
  }

  /** The largest count, then bins and what they hold, in order: equal sketches are equal texts. */
  toJSON(): number[] {
    return [this.max, ...[...this.bins].sort(([one], [other]) => one - other).flat()];
  }

  /** The sketch that a list of {@link Sketch.toJSON} stands for. */
  static from([max = 0, ...bins]: readonly number[]): Sketch {
    const sketch = new Sketch();
    sketch.max = max;
    for (let at = 0; at + 1 < bins.length; at += 2) sketch.put(bins[at] ?? 0, bins[at + 1] ?? 0);
    return sketch;
  }

  private put(bin: number, times: number): void {
    this.bins.set(bin, (this.bins.get(bin) ?? 0) + times);
  }
}

/** Where the counts of a tally lie. */
export function spreadOf(tally: Tally): Spread {
  const counts = inOrder(tally);
  const middle = medianOf(counts);
  const away = new Map<number, number>();
  for (const [count, times] of tally) away.set(Math.abs(count - middle), (away.get(Math.abs(count - middle)) ?? 0) + times);
  return { windows: windowsIn(tally), median: middle, mad: medianOf(inOrder(away)), max: counts.at(-1)?.[0] ?? 0 };
}

/** At most `most` counts that lie as the tally's do: all of them, or one from the middle of each of `most` equal shares. */
export function sampleOf(tally: Tally, most: number): number[] {
  const counts = inOrder(tally);
  const windows = windowsIn(tally);
  if (windows <= most) return counts.flatMap(([count, times]) => Array<number>(times).fill(count));
  return Array.from({ length: most }, (_, share) => countAt(counts, Math.floor(((2 * share + 1) * windows) / (2 * most))));
}

function windowsIn(tally: Tally): number {
  let windows = 0;
  for (const times of tally.values()) windows += times;
  return windows;
}

type Ordered = readonly (readonly [count: number, times: number])[];

function inOrder(tally: Tally): Ordered {
  return [...tally].sort(([one], [other]) => one - other);
}

function medianOf(counts: Ordered): number {
  const windows = counts.reduce((sum, [, times]) => sum + times, 0);
  return (countAt(counts, Math.floor((windows - 1) / 2)) + countAt(counts, Math.floor(windows / 2))) / 2;
}

function countAt(counts: Ordered, rank: number): number {
  let passed = 0;
  for (const [count, times] of counts) {
    passed += times;
    if (rank < passed) return count;
  }
  return counts.at(-1)?.[0] ?? 0;
}

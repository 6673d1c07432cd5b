import type { Micros } from './clock.ts';

interface Entry {
  readonly time: Micros;
  readonly order: number;
  readonly action: (time: Micros) => void;
}

/** What is going to happen, in order of time; actions may plan further ones. Ties keep the order of planning. */
export class Timeline {
  private readonly heap: Entry[] = [];
  private planned = 0;

  at(time: Micros, action: (time: Micros) => void): void {
    this.heap.push({ time, order: this.planned++, action });
    this.rise(this.heap.length - 1);
  }

  /** Repeats at the times that `next` gives. */
  every(first: Micros, next: (time: Micros) => Micros, action: (time: Micros) => void): void {
    this.at(first, (time) => {
      action(time);
      this.every(next(time), next, action);
    });
  }

  /** Runs what is due before `until`; later entries stay. */
  run(until: Micros): void {
    for (let first = this.heap[0]; first !== undefined && first.time < until; first = this.heap[0]) {
      this.removeFirst();
      first.action(first.time);
    }
  }

  private removeFirst(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    this.heap[0] = last;
    this.sink(0);
  }

  private rise(index: number): void {
    const parent = (index - 1) >> 1;
    if (index > 0 && this.before(index, parent)) {
      this.swap(index, parent);
      this.rise(parent);
    }
  }

  private sink(index: number): void {
    const left = 2 * index + 1;
    const least = left + 1 < this.heap.length && this.before(left + 1, left) ? left + 1 : left;
    if (left < this.heap.length && this.before(least, index)) {
      this.swap(index, least);
      this.sink(least);
    }
  }

  private before(one: number, other: number): boolean {
    const a = this.heap[one];
    const b = this.heap[other];
    if (a === undefined || b === undefined) return false;
    return a.time === b.time ? a.order < b.order : a.time < b.time;
  }

  private swap(one: number, other: number): void {
    const a = this.heap[one];
    const b = this.heap[other];
    if (a === undefined || b === undefined) return;
    this.heap[one] = b;
    this.heap[other] = a;
  }
}

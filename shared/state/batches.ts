const writesAtOnce = 100;

/** Passes on what it is given in batches, so that a long list is never held. */
export class Batches<T> {
  count = 0;
  private held: T[] = [];
  private readonly write: (some: readonly T[]) => Promise<void>;

  constructor(write: (some: readonly T[]) => Promise<void>) {
    this.write = write;
  }

  async add(one: T | undefined): Promise<void> {
    if (one === undefined) return;
    this.count += 1;
    if (this.held.push(one) >= writesAtOnce) await this.flush();
  }

  async flush(): Promise<void> {
    const some = this.held;
    this.held = [];
    if (some.length > 0) await this.write(some);
  }
}

/**
 * Counts round trips that follow one another: requests that are under way at once return together, as one. A later one
 * begins when nobody has anything left to do but wait.
 */
export class RoundTrips {
  passed = 0;
  private waiting: (() => void)[] = [];

  /** Resolves after so many round trips. */
  async take(trips: number): Promise<void> {
    for (let trip = 0; trip < trips; trip += 1) {
      await new Promise<void>((resolve) => {
        if (this.waiting.push(resolve) === 1)
          setImmediate(() => {
            this.pass();
          });
      });
    }
  }

  private pass(): void {
    const returning = this.waiting;
    this.waiting = [];
    this.passed += 1;
    for (const resolve of returning) resolve();
  }
}

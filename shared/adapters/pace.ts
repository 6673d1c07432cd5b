import { setTimeout as wait } from 'node:timers/promises';

/** Waits as long as it is told; tests wait for nothing. */
export type Sleep = (milliseconds: number) => Promise<unknown>;

/**
 * The slowest quota of what is asked of CloudWatch Logs here, requests a second: `PutSubscriptionFilter` everywhere, and
 * `FilterLogEvents` in some Regions. Source: CloudWatch Logs quotas.
 */
export const requestsPerSecond = 5;

/** Lets requests go one after the other, at most so many a second. */
export class Pace {
  private readonly gap: number;
  private readonly sleep: Sleep;
  private last: Promise<unknown> = Promise.resolve();

  constructor(perSecond: number, sleep: Sleep = wait) {
    this.gap = 1_000 / perSecond;
    this.sleep = sleep;
  }

  /** Does it when its turn has come; whoever comes next waits from then on. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last;
    this.last = turn.then(() => this.sleep(this.gap));
    await turn;
    return work();
  }
}

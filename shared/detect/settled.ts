import type { Scope } from '../model/base.ts';
import type { Event } from '../model/event.ts';
import { Recent } from '../model/recent.ts';
import type { EventDetection } from './kit.ts';

/** Novelties known to be none: enough for the callers and conversations of a day. */
const mostSettled = 50_000;

/** Days of clusters that have a number: with more, all are numbered anew. */
const mostStamps = 1_000;

/** Novelties that were looked at and are none. Habits are kept by the day, so what is settled is settled for the day. */
export class SettledNovelties {
  private readonly settled = new Recent<true>(mostSettled);
  /** A short number stands for a cluster's day: these names are made for nearly every event. */
  private readonly stamps = new Map<string, string>();
  private numbered = 0;
  private scope: Scope | undefined;
  private day = NaN;
  private stamp = '';

  has(detection: EventDetection<Event>, event: Event): boolean {
    return detection.novelty !== undefined && this.settled.get(this.nameOf(detection.id, detection.novelty(event), event)) === true;
  }

  add(detection: EventDetection<Event>, event: Event): void {
    if (detection.novelty !== undefined) this.settled.set(this.nameOf(detection.id, detection.novelty(event), event), true);
  }

  private nameOf(detection: string, novelty: string, { scope, day }: Event): string {
    if (scope !== this.scope || day !== this.day) {
      this.scope = scope;
      this.day = day;
      this.stamp = this.stampOf(`${scope.account} ${scope.region} ${scope.cluster} ${String(day)}`);
    }
    return `${this.stamp} ${detection} ${novelty}`;
  }

  private stampOf(name: string): string {
    let stamp = this.stamps.get(name);
    if (stamp === undefined) {
      if (this.stamps.size >= mostStamps) this.stamps.clear();
      this.numbered += 1;
      this.stamps.set(name, (stamp = String(this.numbered)));
    }
    return stamp;
  }
}

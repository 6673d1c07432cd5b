import type { Scope } from '../model/base.ts';
import type { Event } from '../model/event.ts';
import { owned } from '../model/writing.ts';
import type { EventDetection } from './kit.ts';

/** Novelties known to be none: enough for the callers and conversations of a day. */
const mostSettled = 50_000;

/** What was looked at and is nothing new, by detection. */
type Settled = Map<EventDetection<Event>, Set<string>>;

/**
 * Novelties that were looked at and are none. Habits are kept by the day, so what is settled is settled for the day. The
 * newest are remembered, between one and two times as many as {@link mostSettled}: of two generations, the older is dropped whole.
 */
export class SettledNovelties {
  private young = new Map<string, Settled>();
  private old = new Map<string, Settled>();
  private count = 0;
  /** Nearly all events of a batch are of one cluster and day: what they need is found once. */
  private scope: Scope | undefined;
  private day = NaN;
  private youngHere: Settled = new Map();
  private oldHere: Settled | undefined;

  has(detection: EventDetection<Event>, event: Event): boolean {
    if (detection.novelty === undefined) return false;
    const novelty = detection.novelty(event);
    this.goTo(event);
    return this.youngHere.get(detection)?.has(novelty) === true || this.oldHere?.get(detection)?.has(novelty) === true;
  }

  add(detection: EventDetection<Event>, event: Event): void {
    if (detection.novelty === undefined) return;
    if (this.count >= mostSettled) this.forgetOld();
    this.goTo(event);
    let settled = this.youngHere.get(detection);
    if (settled === undefined) this.youngHere.set(detection, (settled = new Set()));
    settled.add(owned(detection.novelty(event)));
    this.count += 1;
  }

  private goTo({ scope, day }: Event): void {
    if (scope === this.scope && day === this.day) return;
    const name = `${scope.account} ${scope.region} ${scope.cluster} ${String(day)}`;
    const here = this.young.get(name) ?? new Map<EventDetection<Event>, Set<string>>();
    this.young.set(name, here);
    [this.scope, this.day, this.youngHere, this.oldHere] = [scope, day, here, this.old.get(name)];
  }

  private forgetOld(): void {
    this.old = this.young;
    this.young = new Map();
    this.count = 0;
    this.scope = undefined;
  }
}

import type { Registered } from '../detect/finding.ts';
import type { Detection } from '../detect/kit.ts';
import { day } from '../model/time.ts';
import { Batches } from './batches.ts';
import { CounterHabits } from './counter-habits.ts';
import { lineageOf } from './counts/cell.ts';
import { tallied } from './counts/tallies.ts';
import { Totals } from './distribution.ts';
import { profileDocument, profileKey } from './profile.ts';
import { surplusPolicies } from './network-policies/facts.ts';
import { forgottenWeeks } from './seen-set.ts';
import { pageDocument, type ShardOrder } from './shard-pages.ts';
import { surplusVersions } from './snapshot.ts';
import { placeOf, positionAfter, type Removal, type StateDocument, type StateItem, type StateStore } from './store.ts';

/** What the catalogue asks of the items, by the id that their keys carry. */
interface Wanted {
  /** Window length in minutes of thresholds with a profile. */
  readonly profiled: ReadonlyMap<string, number>;
  /** Days that a seen-set remembers: the longest, where detections share one. */
  readonly seenDays: ReadonlyMap<string, number>;
}

/** What a catalogue asks of the items. */
export function wantedBy(catalogue: readonly Registered<Detection>[]): Wanted {
  const profiled = new Map<string, number>();
  const seenDays = new Map<string, number>();
  for (const { detection } of catalogue) {
    if (detection.shape === 'threshold' && detection.limit.profile !== undefined) profiled.set(detection.id, detection.count.minutes);
    if (detection.shape !== 'detection') continue;
    for (const memory of Object.values(detection.memory)) {
      if (memory.kind === 'seen-set') seenDays.set(memory.id, Math.max(memory.days, seenDays.get(memory.id) ?? 0));
    }
  }
  return { profiled, seenDays };
}

/** Days older than this teach nothing; the table may not have collected them yet. */
const learntDays = 35;
/** The size of totals at which a page is closed: as text they stay far below what an item may hold. */
const fullPage = 8_000;

/** Goes through what a shard holds, item by item; holds one counter, one batch of writes and one page of totals. */
export class ShardWalk {
  private readonly wanted: Wanted;
  private readonly store: StateStore;
  private readonly written: Batches<StateDocument>;
  private readonly removed: Batches<Removal>;
  /** The page being worked on begins where its order does. */
  private order: ShardOrder;
  private totals = new Totals();
  private counter: CounterHabits | undefined;
  /** The newest position, and the newest at which nothing was half done. */
  private position: string | undefined;
  private boundary: string | undefined;

  constructor(wanted: Wanted, order: ShardOrder, store: StateStore) {
    this.wanted = wanted;
    this.order = order;
    this.store = store;
    this.position = this.boundary = order.from;
    this.written = new Batches((some) => store.put(some));
    this.removed = new Batches((some) => store.remove(some));
  }

  get profiles(): number {
    return this.written.count;
  }

  get pruned(): number {
    return this.removed.count;
  }

  /** Walks until the end or until it must stop; returns what is left. It never stops before something is done. */
  async run(mustStop: () => boolean): Promise<ShardOrder | undefined> {
    const { segment, of, from } = this.order;
    for await (const { items, next } of this.store.scan({ segment, of, ...(from === undefined ? {} : { from }) })) {
      for (const item of items) {
        await this.visit(item);
        if (await this.paused(mustStop)) return this.order;
      }
      // Pages may hold nothing that is looked at.
      if (next !== undefined && this.counter === undefined) this.position = this.boundary = next;
      if (next !== undefined && (await this.paused(mustStop))) return this.order;
    }
    await this.closeCounter();
    await this.closePage(undefined);
    return undefined;
  }

  /** Closes a page that is full; and when time is up, at whatever is done. */
  private async paused(mustStop: () => boolean): Promise<boolean> {
    if (this.boundary === this.order.from) return false;
    const stop = mustStop();
    if (stop || this.totals.size >= fullPage) await this.closePage(this.boundary);
    return stop;
  }

  private async visit(item: StateItem): Promise<void> {
    const place = placeOf(item.key);
    const kind = item.key.slice(0, item.key.indexOf(':'));
    if (this.counter !== undefined && (kind !== 'tally' || this.counter.counter !== tallied(item.key).counter)) await this.closeCounter();
    if (kind === 'tally') this.learn(item);
    else await this.removed.add(this.surplusOf(kind, item));
    this.position = positionAfter(place);
    if (this.counter === undefined) this.boundary = this.position;
  }

  private learn(item: StateItem): void {
    const { counter, day: on } = tallied(item.key);
    // Not so where the key is not one of ours: it names no day.
    if (!(on * day >= this.order.generation - learntDays * day)) return;
    const { detection, scope } = lineageOf(counter);
    this.totals.noteDay(scope, on);
    const length = this.wanted.profiled.get(detection);
    if (length === undefined) return;
    this.counter ??= new CounterHabits(counter, length);
    this.counter.add(item);
  }

  private async closeCounter(): Promise<void> {
    const { counter } = this;
    if (counter === undefined) return;
    this.counter = undefined;
    this.totals.add(lineageOf(counter.counter), counter.classes());
    await this.written.add(profileDocument(profileKey(counter.counter), counter.profile(this.order.generation)));
    this.boundary = this.position;
  }

  /** What a page rests on is written before the page says that it is done. */
  private async closePage(next: string | undefined): Promise<void> {
    await this.written.flush();
    await this.removed.flush();
    await this.store.put([pageDocument(this.order, this.totals, next)]);
    this.totals = new Totals();
    if (next !== undefined) this.order = { ...this.order, from: next };
  }

  private surplusOf(kind: string, item: StateItem): Removal | undefined {
    if (kind === 'snapshot') return surplusVersions(item);
    if (kind === 'policies') return surplusPolicies(item, this.order.generation);
    const days = kind === 'seen' ? this.wanted.seenDays.get(lineageOf(item.key).detection) : undefined;
    return days === undefined ? undefined : forgottenWeeks(item, days, this.order.generation);
  }
}

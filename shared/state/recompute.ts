import type { Registered } from '../detect/finding.ts';
import type { Detection } from '../detect/kit.ts';
import { day, minute } from '../model/time.ts';
import { profileDocument, profileOf } from './profile.ts';
import { forgottenWeeks } from './seen-set.ts';
import { surplusVersions } from './snapshot.ts';
import type { Removal, StateDocument, StateItem, StateStore } from './store.ts';
import { counterOf, windowKey } from './window.ts';

/** What a recomputation did. */
interface Recomputed {
  readonly profiles: number;
  /** Items that lost what no view asks for. */
  readonly pruned: number;
  /** Counters left without a profile because there are too many: their ceilings still hold. */
  readonly left: number;
}

/** Counters profiled in one run: bounds memory, whatever names an adversary invents. */
const mostCounters = 100_000;
const itemsPerRead = 400;
const writesAtOnce = 100;
/** Windows older than this teach nothing; the table may not have collected them yet. */
const learntDays = 35;

/**
 * Makes the profiles of all counters anew and takes out of the items what nobody asks for any more. One pass over the
 * table notes which quarter-hours each counter has; then one counter at a time is read. Doing it twice changes nothing.
 */
export async function recompute(catalogue: readonly Registered<Detection>[], now: number, store: StateStore): Promise<Recomputed> {
  const plan = planOf(catalogue);
  const counters = new Map<string, number[]>();
  const left = new Set<string>();
  const removals = new Batches<Removal>((some) => store.remove(some));
  for await (const item of store.scan('')) {
    const kind = item.key.slice(0, item.key.indexOf(':'));
    if (kind === 'window') noteQuarter(item.key, plan, now, counters, left);
    else await removals.add(surplusOf(kind, item, plan, now));
  }
  await removals.flush();

  const profiles = new Batches<StateDocument>((some) => store.put(some));
  for (const [counter, quarters] of counters) {
    const items = await itemsOf(store, counter, quarters);
    await profiles.add(profileDocument(counter, profileOf(items, plan.profiled.get(idIn(counter)) ?? 1, now), now));
  }
  await profiles.flush();
  return { profiles: profiles.count, pruned: removals.count, left: left.size };
}

/** What the catalogue asks of the items, by the id that their keys carry. */
interface Plan {
  /** Window length in minutes of thresholds with a profile. */
  readonly profiled: ReadonlyMap<string, number>;
  /** Days that a seen-set remembers: the longest, where detections share one. */
  readonly seenDays: ReadonlyMap<string, number>;
}

function planOf(catalogue: readonly Registered<Detection>[]): Plan {
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

function noteQuarter(key: string, { profiled }: Plan, now: number, counters: Map<string, number[]>, left: Set<string>): void {
  const { counter, start } = counterOf(key);
  if (!profiled.has(idIn(counter)) || start < now - learntDays * day) return;
  const quarters = counters.get(counter);
  if (quarters !== undefined) quarters.push(start);
  else if (counters.size < mostCounters) counters.set(counter, [start]);
  else if (left.size < mostCounters) left.add(counter);
}

function surplusOf(kind: string, item: StateItem, { seenDays }: Plan, now: number): Removal | undefined {
  if (kind === 'snapshot') return surplusVersions(item);
  const days = kind === 'seen' ? seenDays.get(idIn(item.key)) : undefined;
  return days === undefined ? undefined : forgottenWeeks(item, days, now);
}

async function itemsOf(store: StateStore, counter: string, starts: readonly number[]): Promise<StateItem[]> {
  const keys = starts.map((start) => windowKey(counter, start / minute));
  const items: StateItem[] = [];
  for (let from = 0; from < keys.length; from += itemsPerRead) {
    items.push(...(await store.read(keys.slice(from, from + itemsPerRead), 'eventual')).values());
  }
  // In order of time, so that the same items make the same profile.
  return items.sort((a, b) => a.key.localeCompare(b.key));
}

/** The second part of a key: the id of a detection or memory, which has no colon. */
function idIn(key: string): string {
  return key.split(':', 2)[1] ?? '';
}

/** Passes on what it is given in batches, so that a long list is never held. */
class Batches<T> {
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

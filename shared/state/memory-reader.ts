import { firstDayOf } from './seen-set.ts';
import type { Merge, StateItem, StateStore } from './store.ts';

/**
 * A bounded memory of items before the store: holds only what was read or written successfully. Union items only
 * grow, so a member that is remembered is true, or was until a person had it forgotten; one that is missing is
 * looked up again before anybody says "new".
 */
export class RememberedState {
  private readonly store: StateStore;
  private readonly onSurprise: () => void;
  private readonly most: number;
  private readonly items = new Map<string, Heard>();
  private today = -Infinity;

  /** `onSurprise` is called when an item was forgotten, or turned out older than it had seemed: what rested on that may change. */
  constructor(store: StateStore, onSurprise: () => void, most = 20_000) {
    this.store = store;
    this.onSurprise = onSurprise;
    this.most = most;
  }

  /** The item as remembered; it may lack newer members. */
  recall(key: string): StateItem | undefined {
    return this.items.get(key)?.item;
  }

  /** The same, where the store was heard of it on this day of event time, or a later one: what a person had forgotten is forgotten by then. */
  recallOn(day: number, key: string): StateItem | undefined {
    this.today = Math.max(this.today, day);
    const heard = this.items.get(key);
    return heard !== undefined && heard.on >= day ? heard.item : undefined;
  }

  /** Reads items afresh and remembers them. */
  async read(keys: readonly string[]): Promise<ReadonlyMap<string, StateItem>> {
    if (keys.length === 0) return new Map();
    const found = new Map(await this.store.read(keys, 'eventual'));
    // Either a person had something forgotten, or the answer is older than what this process wrote.
    const doubtful = keys.filter((key) => !holdsAll(found.get(key), this.recall(key)));
    for (const key of doubtful) found.delete(key);
    if (doubtful.length > 0) for (const [key, item] of await this.store.read(doubtful, 'strong')) found.set(key, item);
    for (const key of doubtful) if (!found.has(key)) this.forget(key);
    for (const item of found.values()) this.keep(item);
    return found;
  }

  /** Writes what is not known to be there and remembers what the store holds afterwards. */
  async merge(merges: readonly Merge[]): Promise<void> {
    const news = merges.filter((merge) => addsTo(this.recall(merge.key), merge));
    if (news.length === 0) return;
    // What a write returns is the whole item: by it, what was forgotten elsewhere is forgotten here too.
    for (const item of (await this.store.merge(news)).values()) this.keep(item);
  }

  private keep(item: StateItem): void {
    const known = this.recall(item.key);
    this.items.delete(item.key);
    if (this.items.size >= this.most) this.forgetOldest();
    this.items.set(item.key, { item, on: this.today });
    if (known !== undefined && (firstDayOf(item) < firstDayOf(known) || !holdsAll(item, known))) this.onSurprise();
  }

  private forget(key: string): void {
    if (this.items.delete(key)) this.onSurprise();
  }

  /** Many at a time: each time is a surprise. */
  private forgetOldest(): void {
    let count = Math.ceil(this.most / 4);
    for (const key of this.items.keys()) {
      if (count === 0) break;
      this.items.delete(key);
      count -= 1;
    }
    this.onSurprise();
  }
}

/** What the store last said of an item, and on which day of event time. */
interface Heard {
  readonly item: StateItem;
  readonly on: number;
}

/** Whether a merge holds what an item is not known to hold. */
function addsTo(known: StateItem | undefined, { sets }: Merge): boolean {
  for (const name in sets) {
    const held = known?.sets.get(name);
    for (const member of sets[name] ?? []) if (held?.has(member) !== true) return true;
  }
  return false;
}

function holdsAll(item: StateItem | undefined, known: StateItem | undefined): boolean {
  for (const [name, members] of known?.sets ?? []) {
    const held = item?.sets.get(name);
    for (const member of members) if (held?.has(member) !== true) return false;
  }
  return true;
}

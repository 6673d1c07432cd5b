import { firstDayOf } from './seen-set.ts';
import { joined, type Merge, type StateItem, type StateStore } from './store.ts';

/**
 * A bounded memory of items before the store: holds only what was read or written successfully. Union items only
 * grow, so a member that is remembered is true, or was until a person had it forgotten; one that is missing is
 * looked up again before anybody says "new".
 */
export class RememberedState {
  private readonly store: StateStore;
  private readonly onSurprise: () => void;
  private readonly most: number;
  private readonly items = new Map<string, StateItem>();

  /** `onSurprise` is called when an item was forgotten, or turned out older than it had seemed: what rested on that may change. */
  constructor(store: StateStore, onSurprise: () => void, most = 20_000) {
    this.store = store;
    this.onSurprise = onSurprise;
    this.most = most;
  }

  /** The item as remembered; it may lack newer members. */
  recall(key: string): StateItem | undefined {
    return this.items.get(key);
  }

  /** Reads items afresh and remembers them. */
  async read(keys: readonly string[]): Promise<ReadonlyMap<string, StateItem>> {
    if (keys.length === 0) return new Map();
    const found = await this.store.read(keys, 'eventual');
    for (const item of found.values()) this.remember(item);
    return found;
  }

  /** Writes what is not known to be there and remembers what the store holds afterwards. */
  async merge(merges: readonly Merge[]): Promise<void> {
    const news = merges.filter(({ key, sets }) => {
      const known = this.items.get(key)?.sets;
      return Object.entries(sets).some(([name, members]) => members.some((member) => known?.get(name)?.has(member) !== true));
    });
    if (news.length === 0) return;
    // What a write returns is the whole item: by it, what was forgotten elsewhere is forgotten here too.
    for (const item of (await this.store.merge(news)).values()) this.keep(item);
  }

  private keep(item: StateItem): void {
    const known = this.items.get(item.key);
    this.items.delete(item.key);
    this.remember(item);
    if (known !== undefined && (firstDayOf(item) < firstDayOf(known) || !holdsAll(item, known))) this.onSurprise();
  }

  private remember(item: StateItem): void {
    const known = this.items.get(item.key);
    this.items.delete(item.key);
    if (this.items.size >= this.most) this.forgetOldest();
    if (known !== undefined && firstDayOf(item) < firstDayOf(known)) this.onSurprise();
    // An eventually consistent read may be older than what this process wrote.
    this.items.set(
      item.key,
      known === undefined || holdsAll(item, known)
        ? item
        : joined(item, {
            key: item.key,
            sets: Object.fromEntries([...known.sets].map(([name, members]) => [name, [...members]])),
            expires: 0,
            cap: 0,
          }),
    );
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

function holdsAll(item: StateItem, known: StateItem): boolean {
  for (const [name, members] of known.sets) {
    const held = item.sets.get(name);
    for (const member of members) if (held?.has(member) !== true) return false;
  }
  return true;
}

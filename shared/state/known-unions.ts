import { Recent } from '../model/recent.ts';
import { day } from '../model/time.ts';
import { combine, type Consistency, type ListPart, type Merge, type Removal, type ScanPage, type ScanPart } from './store.ts';
import type { StateDocument, StateItem, StateStore } from './store.ts';

interface Known {
  readonly item: StateItem;
  /** The last day on which it surely is not garbage. */
  readonly lasts: number;
}

/**
 * A store before which merges are held back that would add nothing to what it answered to earlier ones: a storm says the same
 * thousands of times. Sets only grow, so what is remembered is there; an item that is not sent is answered from memory, without what others
 * added since.
 */
export class KnownUnions implements StateStore {
  private readonly store: StateStore;
  private readonly known: Recent<Known>;

  constructor(store: StateStore, most = 100) {
    this.store = store;
    this.known = new Recent(most);
  }

  async merge(merges: readonly Merge[]): Promise<ReadonlyMap<string, StateItem>> {
    const answer = new Map<string, StateItem>();
    const news = combine(merges).filter((merge) => {
      const known = this.known.get(merge.key);
      if (known === undefined || addsTo(known, merge)) return true;
      answer.set(merge.key, known.item);
      return false;
    });
    if (news.length === 0) return answer;
    const stored = await this.store.merge(news);
    for (const { key, expires } of news) {
      const item = stored.get(key);
      if (item === undefined) continue;
      this.known.set(key, { item, lasts: Math.max(Math.floor(expires / day), this.known.get(key)?.lasts ?? 0) });
      answer.set(key, item);
    }
    return answer;
  }

  async remove(removals: readonly Removal[]): Promise<void> {
    for (const { key } of removals) this.known.set(key, { item: { key, sets: new Map() }, lasts: 0 });
    await this.store.remove(removals);
  }

  read(keys: readonly string[], consistency: Consistency): Promise<ReadonlyMap<string, StateItem>> {
    return this.store.read(keys, consistency);
  }

  put(documents: readonly StateDocument[]): Promise<void> {
    return this.store.put(documents);
  }

  putNew(document: StateDocument): Promise<boolean> {
    return this.store.putNew(document);
  }

  list(partition: string, part?: ListPart): Promise<readonly StateDocument[]> {
    return this.store.list(partition, part);
  }

  scan(part: ScanPart): AsyncIterable<ScanPage> {
    return this.store.scan(part);
  }
}

/** Whether a merge would change an item: there is something new in it, and room for it, or it is to live longer. */
function addsTo({ item, lasts }: Known, { sets, cap, expires }: Merge): boolean {
  if (Math.floor(expires / day) > lasts) return true;
  return Object.entries(sets).some(([name, members]) => {
    const held = item.sets.get(name);
    return held === undefined || (held.size < cap && members.some((member) => !held.has(member.toWellFormed())));
  });
}

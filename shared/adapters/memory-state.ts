import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  combine,
  type ListPart,
  type Merge,
  type Place,
  placeBefore,
  placeOf,
  positionAfter,
  type Removal,
  type ScanPage,
  type ScanPart,
  type StateDocument,
  type StateItem,
  type StateStore,
} from '../state/store.ts';

/** The state table in memory: for terminals and tests. */
export class MemoryState implements StateStore {
  private readonly items = new Map<string, { sets: Map<string, Set<string>>; expires: number }>();
  private readonly documents = new Map<string, Map<string, Kept>>();
  private readonly itemsPerPage: number;
  /** Characters of large documents that came so far. */
  private plain = 0;

  constructor(itemsPerPage = 1_000) {
    this.itemsPerPage = itemsPerPage;
  }

  read(keys: readonly string[]): Promise<ReadonlyMap<string, StateItem>> {
    const found = new Map<string, StateItem>();
    for (const key of keys) {
      const item = this.itemAt(key);
      if (item !== undefined) found.set(key, item);
    }
    return Promise.resolve(found);
  }

  merge(merges: readonly Merge[]): Promise<ReadonlyMap<string, StateItem>> {
    const after = new Map<string, StateItem>();
    for (const { key, sets, expires, cap } of combine(merges)) {
      const item = this.items.get(key) ?? { sets: new Map<string, Set<string>>(), expires };
      item.expires = Math.max(item.expires, expires);
      for (const [name, members] of Object.entries(sets)) {
        const set = item.sets.get(name) ?? new Set();
        if (set.size < cap) for (const member of members) set.add(member);
        item.sets.set(name, set);
      }
      this.items.set(key, item);
      after.set(key, copy(key, item.sets));
    }
    return Promise.resolve(after);
  }

  remove(removals: readonly Removal[]): Promise<void> {
    for (const { key, sets } of removals) {
      for (const [name, members] of Object.entries(sets)) {
        const set = this.items.get(key)?.sets.get(name);
        for (const member of members) set?.delete(member);
        if (set?.size === 0) this.items.get(key)?.sets.delete(name);
      }
    }
    return Promise.resolve();
  }

  put(documents: readonly StateDocument[]): Promise<void> {
    for (const document of documents) {
      const partition = this.documents.get(document.partition) ?? new Map<string, Kept>();
      if ((partition.get(document.sort)?.generation ?? -Infinity) <= (document.generation ?? Infinity))
        partition.set(document.sort, this.pack(document));
      this.documents.set(document.partition, partition);
    }
    return Promise.resolve();
  }

  putNew(document: StateDocument): Promise<boolean> {
    const partition = this.documents.get(document.partition) ?? new Map<string, Kept>();
    if (partition.has(document.sort)) return Promise.resolve(false);
    this.documents.set(document.partition, partition.set(document.sort, this.pack(document)));
    return Promise.resolve(true);
  }

  list(partition: string, { from = '' }: ListPart = {}): Promise<readonly StateDocument[]> {
    const documents = [...(this.documents.get(partition) ?? [])].filter(([sort]) => sort >= from);
    return Promise.resolve(documents.map(([, kept]) => unpack(kept)));
  }

  async *scan({ segment, of, from }: ScanPart): AsyncIterable<ScanPage> {
    const begun = from === undefined ? undefined : placeBefore(from);
    const places: { readonly key: string; readonly place: Place }[] = [];
    for (const key of this.items.keys()) {
      const place = placeOf(key);
      if (segmentOf(place.partition, of) === segment && (begun === undefined || inOrder(begun, place) < 0)) places.push({ key, place });
    }
    places.sort((one, other) => inOrder(one.place, other.place));
    for (let at = 0; at === 0 || at < places.length; at += this.itemsPerPage) {
      const page = places.slice(at, at + this.itemsPerPage);
      const last = at + page.length < places.length ? page.at(-1)?.place : undefined;
      const items = page.flatMap(({ key }) => {
        const sets = this.items.get(key)?.sets;
        return sets === undefined ? [] : [copy(key, sets)];
      });
      yield await Promise.resolve({ items, ...(last === undefined ? {} : { next: positionAfter(last) }) });
    }
  }

  /** Drops what expired, as the table does by itself. */
  collect(now: number): void {
    for (const [key, { expires }] of this.items) if (expires < now) this.items.delete(key);
    for (const [partition, documents] of this.documents) {
      for (const [sort, { expires }] of documents) if (expires < now) documents.delete(sort);
      if (documents.size === 0) this.documents.delete(partition);
    }
  }

  /** Everything held, for saving: one JSON value per item and document. */
  *dump(): Iterable<{ readonly merge: Merge } | { readonly document: StateDocument }> {
    for (const [key, { sets, expires }] of this.items) {
      yield {
        merge: {
          key,
          expires,
          cap: Number.MAX_SAFE_INTEGER,
          sets: Object.fromEntries([...sets].map(([name, members]) => [name, [...members]])),
        },
      };
    }
    for (const partition of this.documents.values()) for (const kept of partition.values()) yield { document: unpack(kept) };
  }

  /** The first large documents stay as they are: to deflate is worth while only where there are many. */
  private pack(document: StateDocument): Kept {
    const { document: text, ...rest } = document;
    if (text.length < largeDocument) return document;
    this.plain += text.length;
    return this.plain <= mostPlain ? document : { ...rest, packed: deflateRawSync(text, { level: 1 }).toString('latin1') };
  }

  private itemAt(key: string): StateItem | undefined {
    const { partition, sort } = placeOf(key);
    const kept = this.documents.get(partition)?.get(sort);
    const document = kept && unpack(kept).document;
    const sets = this.items.get(key)?.sets;
    if (sets === undefined && document === undefined) return undefined;
    return { ...copy(key, sets ?? new Map()), ...(document === undefined ? {} : { document }) };
  }
}

/**
 * A document as it is held: many large ones compressed, or the volumes of a day of flow logs would fill the memory of a laptop.
 * Each byte is a character, because thousands of small buffers would scatter over the native heap.
 */
type Kept = StateDocument | (Omit<StateDocument, 'document'> & { readonly packed: string });

const largeDocument = 4_096;
const mostPlain = 16 * 1024 * 1024;

function unpack(kept: Kept): StateDocument {
  if (!('packed' in kept)) return kept;
  const { packed, ...rest } = kept;
  return { ...rest, document: inflateRawSync(Buffer.from(packed, 'latin1')).toString('utf8') };
}

/** The segment of a partition, the same in every process. */
function segmentOf(partition: string, of: number): number {
  // FNV-1a.
  let hash = 0x811c9dc5;
  for (let at = 0; of > 1 && at < partition.length; at += 1) hash = Math.imul(hash ^ partition.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % of;
}

function inOrder(one: Place, other: Place): number {
  if (one.partition !== other.partition) return one.partition < other.partition ? -1 : 1;
  return one.sort < other.sort ? -1 : Number(one.sort > other.sort);
}

/** Callers keep what they read: later writes must not show through. */
function copy(key: string, sets: ReadonlyMap<string, ReadonlySet<string>>): StateItem {
  return { key, sets: new Map([...sets].map(([name, members]) => [name, new Set(members)])) };
}

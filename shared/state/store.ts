/**
 * The one port of the state table. Every kind of memory is an item of named string sets that grows by union, or a
 * document that is replaced whole: union is idempotent, commutative and associative, so duplicates, re-batching and
 * concurrent writers cannot change what an item becomes.
 */
export interface StateStore {
  /** Items that exist, by key. `strong` sees every merge that returned before the read began. */
  read(keys: readonly string[], consistency: Consistency): Promise<ReadonlyMap<string, StateItem>>;
  /** Joins members into sets, one write per item; returns each item as it is afterwards. */
  merge(merges: readonly Merge[]): Promise<ReadonlyMap<string, StateItem>>;
  /** Takes members out of sets: for pruning, never for correctness. */
  remove(removals: readonly Removal[]): Promise<void>;
  /** Writes documents whole; one that bears a generation never takes the place of one of a younger generation. */
  put(documents: readonly StateDocument[]): Promise<void>;
  /** Writes a document where none stands; false where one does: of several writers of one place one succeeds. */
  putNew(document: StateDocument): Promise<boolean>;
  /** The documents of a partition, or those at and after a sort key; strongly consistent unless less will do. */
  list(partition: string, part?: ListPart): Promise<readonly StateDocument[]>;
  /** Set items of one segment, in pages. Items of one partition lie in one segment, one after the other in the order of their sort keys. */
  scan(part: ScanPart): AsyncIterable<ScanPage>;
}

/** What of a partition is asked for. */
export interface ListPart {
  /** The first sort key; all where it is absent. */
  readonly from?: string;
  readonly consistency?: Consistency;
}

/** A part of everything: segments are disjoint, and together they are all. */
export interface ScanPart {
  readonly segment: number;
  readonly of: number;
  /** Goes on after this position. */
  readonly from?: string;
}

/** Some items, and where to go on after them; absent on the last page. */
export interface ScanPage {
  readonly items: readonly StateItem[];
  readonly next?: string;
}

export type Consistency = 'eventual' | 'strong';

/** Members by set name. */
export type Sets = Readonly<Record<string, readonly string[]>>;

/** An item of named sets; `document` where it was written whole. */
export interface StateItem {
  readonly key: string;
  readonly sets: ReadonlyMap<string, ReadonlySet<string>>;
  readonly document?: string;
}

/** Members to join into an item. */
export interface Merge {
  readonly key: string;
  readonly sets: Sets;
  /** Event time after which the item is garbage, milliseconds since the epoch. Expiry is decided by the kinds; the table only collects. */
  readonly expires: number;
  /** A set that holds this many members takes no more. */
  readonly cap: number;
}

/** Members to take out of an item. */
export interface Removal {
  readonly key: string;
  readonly sets: Sets;
}

/** A value written whole, found by its partition. */
export interface StateDocument {
  readonly partition: string;
  readonly sort: string;
  readonly document: string;
  readonly expires: number;
  /** The moment of the work that wrote it, where several may write it. */
  readonly generation?: number;
}

/** Sort key of items that stand alone in their partition. */
export const alone = '-';
/** Stands between partition and sort key; no sort key holds it. */
const separator = '|';

/** Where an item stands. */
export interface Place {
  readonly partition: string;
  readonly sort: string;
}

/** The key of an item among others in its partition. */
export function keyAt(partition: string, sort: string): string {
  return sort === alone ? partition : `${partition}${separator}${sort}`;
}

/** Where the item of a key stands: different keys, different places. */
export function placeOf(key: string): Place {
  const end = key.lastIndexOf(separator);
  const sort = key.slice(end + 1);
  // No partition and no sort key is empty: such a key is one of an item that stands alone.
  return end <= 0 || sort === '' || sort === alone ? { partition: key, sort: alone } : { partition: key.slice(0, end), sort };
}

/** The position of a scan after what stands at a place. */
export function positionAfter({ partition, sort }: Place): string {
  return `${partition}${separator}${sort}`;
}

/** The place that a scan goes on after. */
export function placeBefore(position: string): Place {
  const end = position.lastIndexOf(separator);
  return { partition: position.slice(0, end), sort: position.slice(end + 1) };
}

/** The union of several merges into the same item, one merge per item. */
export function combine(merges: readonly Merge[]): Merge[] {
  const byKey = new Map<string, Merge | Union>();
  for (const merge of merges) {
    const before = byKey.get(merge.key);
    // Nearly all merges are of one member, and alone with their key.
    if (before === undefined && hasSingles(merge)) byKey.set(merge.key, merge);
    else {
      const union = before instanceof Union ? before : new Union(before ?? merge);
      union.add(merge);
      byKey.set(merge.key, union);
    }
  }
  const all: Merge[] = [];
  for (const entry of byKey.values()) all.push(entry instanceof Union ? entry.merge : entry);
  return all;
}

/** Whether a merge can repeat nothing in itself. */
function hasSingles({ sets }: Merge): boolean {
  for (const name in sets) if (sets[name]?.length !== 1) return false;
  return true;
}

/** Several merges into one item. */
class Union {
  private readonly key: string;
  private readonly cap: number;
  private expires: number;
  private readonly sets = new Map<string, Set<string>>();

  /** Begins with a merge, whose cap holds for all. */
  constructor(first: Merge) {
    this.key = first.key;
    this.cap = first.cap;
    this.expires = first.expires;
    this.add(first);
  }

  add({ sets, expires }: Merge): void {
    this.expires = Math.max(this.expires, expires);
    for (const name in sets) {
      let set = this.sets.get(name);
      if (set === undefined) this.sets.set(name, (set = new Set()));
      for (const member of sets[name] ?? []) set.add(member);
    }
  }

  get merge(): Merge {
    const sets = Object.fromEntries([...this.sets].map(([name, members]) => [name, [...members]]));
    return { key: this.key, expires: this.expires, cap: this.cap, sets };
  }
}

/** An item with more members: what a merge makes of it, before any cap. */
export function joined(item: StateItem | undefined, merge: Merge): StateItem {
  const sets = new Map(item?.sets);
  for (const [name, members] of Object.entries(merge.sets)) sets.set(name, new Set([...(sets.get(name) ?? []), ...members]));
  return { ...item, key: merge.key, sets };
}

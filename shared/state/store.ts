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
  /** Writes documents whole. */
  put(documents: readonly StateDocument[]): Promise<void>;
  /** The documents of a partition. */
  list(partition: string): Promise<readonly StateDocument[]>;
  /** Every set item whose key begins with `prefix`, in no order. */
  scan(prefix: string): AsyncIterable<StateItem>;
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
}

/** Sort key of items that stand alone in their partition. */
export const alone = '-';

/** The union of several merges into the same item, one merge per item. */
export function combine(merges: readonly Merge[]): Merge[] {
  const byKey = new Map<string, { sets: Map<string, Set<string>>; expires: number; cap: number }>();
  for (const merge of merges) {
    let combined = byKey.get(merge.key);
    if (combined === undefined) byKey.set(merge.key, (combined = { sets: new Map(), expires: merge.expires, cap: merge.cap }));
    combined.expires = Math.max(combined.expires, merge.expires);
    for (const [name, members] of Object.entries(merge.sets)) {
      let set = combined.sets.get(name);
      if (set === undefined) combined.sets.set(name, (set = new Set()));
      for (const member of members) set.add(member);
    }
  }
  return [...byKey].map(([key, { sets, expires, cap }]) => ({
    key,
    expires,
    cap,
    sets: Object.fromEntries([...sets].map(([name, members]) => [name, [...members]])),
  }));
}

/** An item with more members: what a merge makes of it, before any cap. */
export function joined(item: StateItem | undefined, merge: Merge): StateItem {
  const sets = new Map(item?.sets);
  for (const [name, members] of Object.entries(merge.sets)) sets.set(name, new Set([...(sets.get(name) ?? []), ...members]));
  return { ...item, key: merge.key, sets };
}

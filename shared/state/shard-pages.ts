import { digest } from '../model/hash.ts';
import { parseJson } from '../model/json.ts';
import { day } from '../model/time.ts';
import { type StoredTotals, type Totals, totalsIn } from './distribution.ts';
import { keyAt, type StateDocument, type StateStore } from './store.ts';

/** A part of a nightly recomputation: everything in a segment of the table from a position on. */
export interface ShardOrder {
  /** The moment of the tick, milliseconds since the epoch: the only time that the work knows. */
  readonly generation: number;
  readonly segment: number;
  readonly of: number;
  readonly from?: string;
}

/** Orders wait in their queue for a day at most. */
const kept = 3 * day;

/*
 * A shard's work is a chain of pages. Each stands under the position that it begins at and says where the next one begins, so
 * that whoever does a page again replaces it, and following the chain from the start counts everything exactly once, however
 * often and by however many it was worked on.
 */

const doneIn = ({ generation, of }: ShardOrder): string => `recompute:${String(generation)}/${String(of)}`;
const chainOf = (order: ShardOrder): string => `${doneIn(order)}/${String(order.segment)}`;
const pageAt = (from: string | undefined): string => digest(22, [from ?? '']);

/** The page that begins where an order does. */
export function pageDocument(order: ShardOrder, totals: Totals, next: string | undefined): StateDocument {
  return { partition: chainOf(order), sort: pageAt(order.from), document: totals.toText(next), expires: order.generation + kept };
}

/** Where work on an order goes on: after the pages that are there already; absent where nothing is left to do. */
export async function whereToBegin(order: ShardOrder, store: StateStore): Promise<ShardOrder | undefined> {
  for (let rest = order; ;) {
    const key = keyAt(chainOf(rest), pageAt(rest.from));
    const page = (await store.read([key], 'strong')).get(key)?.document;
    if (page === undefined) return rest;
    const { next } = totalsIn(parseJson(page));
    if (next === undefined) return undefined;
    rest = { ...rest, from: next };
  }
}

/** Notes that nothing of a segment is left to do. */
export async function markDone(order: ShardOrder, store: StateStore): Promise<void> {
  const expires = order.generation + kept;
  await store.put([{ partition: doneIn(order), sort: String(order.segment), document: '{}', expires }]);
}

/** Whether all segments of a generation are done: of several that ask after their own mark, the last sees all. */
export async function allDone(order: ShardOrder, store: StateStore): Promise<boolean> {
  return (await store.list(doneIn(order))).length >= order.of;
}

/** The pages of all segments, segment by segment. Throws where one is missing: somebody works on it again, and will ask anew. */
export async function* pagesOf(order: ShardOrder, store: StateStore): AsyncIterable<StoredTotals> {
  for (let segment = 0; segment < order.of; segment += 1) {
    const documents = await store.list(chainOf({ ...order, segment }));
    const pages = new Map(documents.map(({ sort, document }) => [sort, document]));
    let from: string | undefined;
    do {
      const document = pages.get(pageAt(from));
      if (document === undefined) throw new Error(`a page of segment ${String(segment)} is being worked on again`);
      const page = totalsIn(parseJson(document));
      yield page;
      from = page.next;
    } while (from !== undefined);
  }
}

import type { Place, ScanPage, ScanPart, StateDocument, StateItem, StateStore } from '../../shared/state/store.ts';
import { keyAt, placeBefore, positionAfter } from '../../shared/state/store.ts';
import { eventual, Meter } from './meter.ts';

/** What stands in a table of the cost model, with its size. */
export interface Stored extends Place {
  /** Absent for a document, which a scan pays for and does not hand out. */
  readonly sets: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  readonly bytes: number;
}

/** A page of a scan ends at 1 MB. Source: DynamoDB developer guide, "Scanning tables". */
const pageBytes = 1_048_576;

/**
 * A table that is made up while it is scanned and forgotten at once: requests, units and bytes are counted. Only what
 * recomputation writes for itself is kept.
 */
export class CountingStore implements StateStore {
  readonly meter = new Meter();
  private readonly contents: (part: ScanPart) => Iterable<Stored>;
  private readonly notes = new Map<string, Map<string, StateDocument>>();

  constructor(contents: (part: ScanPart) => Iterable<Stored>) {
    this.contents = contents;
  }

  read(keys: readonly string[]): Promise<ReadonlyMap<string, StateItem>> {
    const found = new Map<string, StateItem>();
    const sizes: { kind: string; bytes: number }[] = [];
    for (const key of keys) {
      const { partition, sort } = placeBefore(key);
      const note = this.notes.get(partition)?.get(sort);
      sizes.push({ kind: 'notes', bytes: note === undefined ? 0 : sizeOf(note) });
      if (note !== undefined) found.set(key, { key, sets: new Map(), document: note.document });
    }
    this.meter.readEach(sizes, eventual);
    return Promise.resolve(found);
  }

  merge(): Promise<never> {
    return Promise.reject(new Error('recomputation joins nothing'));
  }

  remove(removals: readonly unknown[]): Promise<void> {
    // An item that is pruned is billed by its size; these have few kilobytes.
    for (let at = 0; at < removals.length; at += 1) this.meter.write('pruned', 2_048);
    return Promise.resolve();
  }

  put(documents: readonly StateDocument[]): Promise<void> {
    for (const document of documents) {
      this.meter.write('documents', sizeOf(document));
      if (!document.partition.startsWith('recompute:')) continue;
      const notes = this.notes.get(document.partition) ?? new Map<string, StateDocument>();
      this.notes.set(document.partition, notes.set(document.sort, document));
    }
    return Promise.resolve();
  }

  putNew(): Promise<never> {
    return Promise.reject(new Error('recomputation counts nothing'));
  }

  list(partition: string): Promise<readonly StateDocument[]> {
    const found = [...(this.notes.get(partition)?.values() ?? [])];
    this.meter.readPage(
      'notes',
      found.reduce((sum, note) => sum + sizeOf(note), 0),
      eventual,
    );
    return Promise.resolve(found);
  }

  async *scan(part: ScanPart): AsyncIterable<ScanPage> {
    if (part.from !== undefined) throw new Error('the cost model scans from the beginning only');
    let items: StateItem[] = [];
    let bytes = 0;
    for (const { partition, sort, sets, bytes: size } of this.contents(part)) {
      if (sets !== undefined) items.push({ key: keyAt(partition, sort), sets });
      bytes += size;
      if (bytes < pageBytes) continue;
      this.meter.readPage('table', bytes, eventual);
      yield await Promise.resolve({ items, next: positionAfter({ partition, sort }) });
      items = [];
      bytes = 0;
    }
    this.meter.readPage('table', bytes, eventual);
    yield { items };
  }
}

function sizeOf({ partition, sort, document }: StateDocument): number {
  // Names of attributes, and two numbers.
  return Buffer.byteLength(partition) + Buffer.byteLength(sort) + Buffer.byteLength(document) + 50;
}

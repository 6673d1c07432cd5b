import type { Place, ScanPage, ScanPart, StateDocument, StateItem, StateStore } from '../../shared/state/store.ts';
import { keyAt, placeBefore, positionAfter } from '../../shared/state/store.ts';

/** What is written as DynamoDB would bill it. */
export interface Bill {
  reads: number;
  /** Read units: half a unit for every 4 KB begun, since nothing here needs strong consistency but some notes. */
  readUnits: number;
  writes: number;
  /** Write units: one for every KB begun. */
  writeUnits: number;
  /** Bytes that were scanned. */
  bytes: number;
}

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
  readonly bill: Bill = { reads: 0, readUnits: 0, writes: 0, writeUnits: 0, bytes: 0 };
  private readonly contents: (part: ScanPart) => Iterable<Stored>;
  private readonly notes = new Map<string, Map<string, StateDocument>>();

  constructor(contents: (part: ScanPart) => Iterable<Stored>) {
    this.contents = contents;
  }

  read(keys: readonly string[]): Promise<ReadonlyMap<string, StateItem>> {
    const found = new Map<string, StateItem>();
    for (const key of keys) {
      const { partition, sort } = placeBefore(key);
      const note = this.notes.get(partition)?.get(sort);
      this.paidRead(note === undefined ? 0 : sizeOf(note));
      if (note !== undefined) found.set(key, { key, sets: new Map(), document: note.document });
    }
    return Promise.resolve(found);
  }

  merge(): Promise<never> {
    return Promise.reject(new Error('recomputation joins nothing'));
  }

  remove(removals: readonly unknown[]): Promise<void> {
    // An item that is pruned is billed by its size; these have few kilobytes.
    this.paidWrite(removals.length, 2 * removals.length);
    return Promise.resolve();
  }

  put(documents: readonly StateDocument[]): Promise<void> {
    for (const document of documents) {
      this.paidWrite(1, Math.ceil(sizeOf(document) / 1_024));
      if (!document.partition.startsWith('recompute:')) continue;
      const notes = this.notes.get(document.partition) ?? new Map<string, StateDocument>();
      this.notes.set(document.partition, notes.set(document.sort, document));
    }
    return Promise.resolve();
  }

  list(partition: string): Promise<readonly StateDocument[]> {
    const found = [...(this.notes.get(partition)?.values() ?? [])];
    this.paidRead(found.reduce((sum, note) => sum + sizeOf(note), 0));
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
      this.paidRead(bytes);
      yield await Promise.resolve({ items, next: positionAfter({ partition, sort }) });
      items = [];
      bytes = 0;
    }
    this.paidRead(bytes);
    yield { items };
  }

  private paidRead(bytes: number): void {
    this.bill.reads += 1;
    this.bill.readUnits += 0.5 * Math.max(1, Math.ceil(bytes / 4_096));
    this.bill.bytes += bytes;
  }

  private paidWrite(requests: number, units: number): void {
    this.bill.writes += requests;
    this.bill.writeUnits += units;
  }
}

function sizeOf({ partition, sort, document }: StateDocument): number {
  // Names of attributes, and two numbers.
  return Buffer.byteLength(partition) + Buffer.byteLength(sort) + Buffer.byteLength(document) + 50;
}

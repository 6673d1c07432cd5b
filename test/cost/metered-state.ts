import type { Attributes } from '../../shared/adapters/dynamodb-batch.ts';
import { documentItem, expiryOf, setAttribute } from '../../shared/adapters/dynamodb-item.ts';
import type {
  Consistency,
  ListPart,
  Merge,
  Removal,
  ScanPage,
  ScanPart,
  StateDocument,
  StateItem,
  StateStore,
} from '../../shared/state/store.ts';
import { combine } from '../../shared/state/store.ts';
import { eventual, type Meter, strong } from '../bench/meter.ts';
import type { RoundTrips } from './round-trips.ts';

/** How the adapter spreads what it is asked for. Source: shared/adapters/dynamodb-batch.ts and dynamodb-state.ts. */
const keysPerRead = 100;
const readsAtOnce = 8;
const writesAtOnce = 48;

/**
 * A store that counts what the DynamoDB adapter would ask for: a BatchGetItem for every hundred keys, an UpdateItem for
 * every item joined into and another for every refusal, a BatchWriteItem for every twenty-five documents.
 */
export class MeteredState implements StateStore {
  private readonly inner: StateStore;
  meter: Meter;
  private readonly trips: RoundTrips;
  private readonly expiries = new Map<string, number>();
  private readonly sizes = new Map<string, number>();

  constructor(inner: StateStore, meter: Meter, trips: RoundTrips) {
    this.inner = inner;
    this.meter = meter;
    this.trips = trips;
  }

  async read(keys: readonly string[], consistency: Consistency): Promise<ReadonlyMap<string, StateItem>> {
    const distinct = [...new Set(keys)];
    const sizes = distinct.map((key) => ({ kind: kindOf(key), bytes: this.sizes.get(key) ?? 0 }));
    this.meter.readEach(sizes, consistency === 'strong' ? strong : eventual);
    await this.trips.take(Math.ceil(distinct.length / (keysPerRead * readsAtOnce)));
    return this.inner.read(distinct, consistency);
  }

  async merge(merges: readonly Merge[]): Promise<ReadonlyMap<string, StateItem>> {
    const whole = combine(merges);
    const before = new Map(
      await this.inner.read(
        whole.map(({ key }) => key),
        'strong',
      ),
    );
    const after = await this.inner.merge(whole);
    for (const merge of whole) {
      const was = this.sizes.get(merge.key) ?? 0;
      const item = after.get(merge.key);
      const is = item === undefined ? 0 : itemBytes(item);
      this.sizes.set(merge.key, is);
      if (this.isRefused(merge, before.get(merge.key))) this.meter.write(kindOf(merge.key), was);
      this.meter.write(kindOf(merge.key), Math.max(was, is));
      this.expiries.set(merge.key, Math.max(this.expiries.get(merge.key) ?? 0, expiryOf(merge.expires)));
    }
    await this.trips.take(Math.ceil(whole.length / writesAtOnce));
    return after;
  }

  async remove(removals: readonly Removal[]): Promise<void> {
    for (const { key } of removals) this.meter.write(kindOf(key), this.sizes.get(key) ?? 0);
    await this.inner.remove(removals);
  }

  async put(documents: readonly StateDocument[]): Promise<void> {
    this.meter.writeBatch(documents.map((document) => ({ kind: kindOf(document.partition), bytes: bytesOf(documentItem(document)) })));
    await this.trips.take(1);
    await this.inner.put(documents);
  }

  async putNew(document: StateDocument): Promise<boolean> {
    this.meter.write(kindOf(document.partition), bytesOf(documentItem(document)));
    await this.trips.take(1);
    return this.inner.putNew(document);
  }

  async list(partition: string, part: ListPart = {}): Promise<readonly StateDocument[]> {
    const documents = await this.inner.list(partition, part);
    const bytes = documents.reduce((sum, document) => sum + bytesOf(documentItem(document)), 0);
    this.meter.readPage(kindOf(partition), bytes, part.consistency === 'eventual' ? eventual : strong);
    await this.trips.take(1);
    return documents;
  }

  scan(part: ScanPart): AsyncIterable<ScanPage> {
    return this.inner.scan(part);
  }

  /** Items with sets, and their bytes. */
  get contents(): { readonly items: number; readonly bytes: number; readonly largest: number } {
    let [bytes, largest] = [0, 0];
    for (const size of this.sizes.values()) {
      bytes += size;
      largest = Math.max(largest, size);
    }
    return { items: this.sizes.size, bytes, largest };
  }

  /** Items with sets, by kind of key. */
  kinds(): ReadonlyMap<string, number> {
    const kinds = new Map<string, number>();
    for (const key of this.sizes.keys()) kinds.set(kindOf(key), (kinds.get(kindOf(key)) ?? 0) + 1);
    return kinds;
  }

  /** The condition of the update: no set is full, and the item does not live longer already. */
  private isRefused({ key, sets, cap, expires }: Merge, before: StateItem | undefined): boolean {
    if ((this.expiries.get(key) ?? 0) > expiryOf(expires)) return true;
    return Object.keys(sets).some((name) => (before?.sets.get(name)?.size ?? 0) >= cap);
  }
}

/** What a key stands for: the kind of memory, and which one of its kind. */
function kindOf(key: string): string {
  const [kind = '', id = ''] = key.split(/[:\t]/, 2);
  return kind === 'seen' || kind === 'tally' || kind === 'snapshot' ? `${kind}:${id}` : kind;
}

/** Names and values. Source: DynamoDB developer guide, "Item sizes and formats". */
function itemBytes({ key, sets }: StateItem): number {
  let bytes = 'pk'.length + 'sk'.length + Buffer.byteLength(key) + 'expires'.length + 6;
  for (const [name, members] of sets) {
    bytes += Buffer.byteLength(setAttribute(name)) + 3;
    for (const member of members) bytes += Buffer.byteLength(member) + 1;
  }
  return bytes;
}

function bytesOf(attributes: Attributes): number {
  let bytes = 0;
  for (const [name, { S = '', N = '', B }] of Object.entries(attributes))
    bytes += Buffer.byteLength(name) + Buffer.byteLength(S) + N.length + (B?.length ?? 0);
  return bytes;
}

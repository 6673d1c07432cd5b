/** Requests and units as DynamoDB would bill them. */
export interface Bill {
  reads: number;
  readUnits: number;
  writes: number;
  writeUnits: number;
  /** Bytes that were read. */
  bytes: number;
}

/** Limits and granularity of requests. Source: DynamoDB API reference, BatchGetItem and BatchWriteItem; developer guide, "Capacity units". */
const keysPerRead = 100;
const itemsPerWrite = 25;
const readUnitBytes = 4_096;
const writeUnitBytes = 1_024;

/** How much a request counts of what it reads: eventually consistent reads cost half. */
export const eventual = 0.5;
export const strong = 1;

/** Adds up what requests would cost, altogether and for each kind of key. */
export class Meter {
  readonly bill: Bill = emptyBill();
  readonly kinds = new Map<string, Bill>();

  /** A BatchGetItem for every hundred keys: each item is rounded up by itself, and one that is not there costs a unit all the same. */
  readEach(items: readonly Sized[], consistency: number): void {
    const requests = Math.ceil(items.length / keysPerRead);
    this.bill.reads += requests;
    for (const { kind, bytes } of items) {
      const own = this.of(kind);
      own.reads += requests / items.length;
      for (const bill of [this.bill, own]) {
        bill.readUnits += units(bytes, readUnitBytes) * consistency;
        bill.bytes += bytes;
      }
    }
  }

  /** One GetItem, Query or page of a Scan: rounded up altogether. */
  readPage(kind: string, bytes: number, consistency: number): void {
    this.readEach([{ kind, bytes }], consistency);
  }

  /** A BatchWriteItem for every twenty-five items. */
  writeBatch(items: readonly Sized[]): void {
    const requests = Math.ceil(items.length / itemsPerWrite);
    this.bill.writes += requests;
    for (const { kind, bytes } of items) {
      const own = this.of(kind);
      own.writes += requests / items.length;
      for (const bill of [this.bill, own]) bill.writeUnits += units(bytes, writeUnitBytes);
    }
  }

  /** An UpdateItem or PutItem: billed by the larger of what the item was and becomes, refused ones too. */
  write(kind: string, bytes: number): void {
    this.writeBatch([{ kind, bytes }]);
  }

  /** Requests that several kinds share are theirs in equal parts. */
  private of(kind: string): Bill {
    let own = this.kinds.get(kind);
    if (own === undefined) this.kinds.set(kind, (own = emptyBill()));
    return own;
  }
}

/** An item of a request. */
interface Sized {
  readonly kind: string;
  readonly bytes: number;
}

/** What nothing costs. */
function emptyBill(): Bill {
  return { reads: 0, readUnits: 0, writes: 0, writeUnits: 0, bytes: 0 };
}

function units(bytes: number, size: number): number {
  return Math.max(1, Math.ceil(bytes / size));
}

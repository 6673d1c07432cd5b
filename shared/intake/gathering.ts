/** One piece of a file: a line, or a JSON value that may span lines. */
export interface Element {
  readonly text: string;
  /** Number of the line, or of the value, counted from 1. */
  readonly position: number;
  /** Larger than any log record: only its head was kept. */
  readonly tooLong: boolean;
}

/** Cuts a stream of bytes into elements, whatever the chunks are: linear time, and never more than one element held. */
export interface Splitter {
  push(chunk: Uint8Array): Element[];
  /** What is left when the bytes end. */
  end(): Element[];
}

/** Characters kept of what was too long: enough to see what it was. */
const keptOfTooLong = 1_000;

/**
 * The bytes of one element, gathered from as many chunks as it spans. Beyond its limit it keeps the head alone, so that
 * a file without any separator costs no memory.
 */
export class Gathering {
  private pieces: Uint8Array[] = [];
  private size = 0;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Adds a stretch of a chunk. The chunk must not be written to afterwards. */
  add(chunk: Uint8Array, from: number, to: number): void {
    if (from >= to) return;
    this.size += to - from;
    if (this.size <= this.limit) this.pieces.push(chunk.subarray(from, to));
    else this.keepHead(chunk.subarray(from, to));
  }

  /** The element, unless it is nothing but white space; empties the gathering. */
  take(position: number): Element | undefined {
    if (this.size === 0) return undefined;
    const tooLong = this.size > this.limit;
    const text = decoded(this.pieces.length === 1 ? this.first : Buffer.concat(this.pieces));
    this.drop();
    return text === '' && !tooLong ? undefined : { text, position, tooLong };
  }

  drop(): void {
    this.pieces = [];
    this.size = 0;
  }

  private get first(): Uint8Array {
    return this.pieces[0] ?? new Uint8Array();
  }

  private keepHead(last: Uint8Array): void {
    if (this.pieces.length === 1 && this.first.length === keptOfTooLong) return;
    // Copied: a view would hold on to all that it was cut from.
    this.pieces = [new Uint8Array(Buffer.concat([...this.pieces, last.subarray(0, keptOfTooLong)]).subarray(0, keptOfTooLong))];
  }
}

/** Bytes that are no UTF-8 become U+FFFD: an odd name must not hide the request it stands in. */
function decoded(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').trim();
}

import { type Element, Gathering, type Splitter } from './gathering.ts';

/** Bytes with a meaning in JSON. */
const byte = {
  lineFeed: 0x0a,
  space: 0x20,
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

/** Members of an outermost object that hold the records: CloudTrail files, and the answer of FilterLogEvents. */
export const recordLists: ReadonlySet<string> = new Set(['Records', 'events']);
const longestName = 16;

/**
 * JSON values, one after another however they are laid out. An outermost list, and the list of records in an outermost
 * object, stand for their members: a file that is one list of a gigabyte is read one member at a time. Where a value was
 * cut, the next one begins at the first place where no valid JSON could go on.
 */
export class JsonValueSplitter implements Splitter {
  private readonly value: Gathering;
  private number = 1;
  private depth = 0;
  /** Depth at which values are elements: 0, in an outermost list 1, in the list of records of an object 2. */
  private base = 0;
  private inString = false;
  private escaped = false;
  /** Whether a value has just ended: only a comma, a colon or a close may follow it. */
  private afterValue = false;
  /** Inside an object whose records were taken out: the rest of it is no element. */
  private emptied = false;
  /** The last string at depth 1 of an outermost object, which is the name of what follows. */
  private name = '';

  constructor(limit: number) {
    this.value = new Gathering(limit);
  }

  push(chunk: Uint8Array): Element[] {
    const found: Element[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.inString && !this.isWatched) at = endOfPlainText(chunk, at);
      const code = chunk[at] ?? byte.space;
      if (!this.inString) from = this.structure(code, chunk, from, at, found);
      else if (this.stringEnds(code)) from = this.cut(chunk, from, at, found);
    }
    this.value.add(chunk, from, chunk.length);
    return found;
  }

  end(): Element[] {
    const value = this.restOfObject ? undefined : this.value.take(this.number);
    return value === undefined ? [] : [value];
  }

  private get restOfObject(): boolean {
    return this.emptied && this.base === 0;
  }

  /** In a string whose every byte counts: it may be the name of a list of records, or the last byte was a backslash. */
  private get isWatched(): boolean {
    return this.escaped || (this.depth === 1 && this.base === 0);
  }

  /** Takes a byte of a string. True where the string was cut: none goes on over the end of a line. */
  private stringEnds(code: number): boolean {
    if (this.isWatched && this.name.length < longestName && code !== byte.quote) this.name += String.fromCharCode(code);
    if (this.escaped) this.escaped = false;
    else if (code === byte.backslash) this.escaped = true;
    else if (code === byte.quote) {
      this.inString = false;
      this.afterValue = true;
    }
    return code === byte.lineFeed;
  }

  /** Takes a byte outside strings; returns where the value being gathered goes on in this chunk. */
  private structure(code: number, chunk: Uint8Array, from: number, at: number, found: Element[]): number {
    switch (code) {
      case byte.quote:
        this.inString = true;
        this.name = '';
        return from;
      case byte.openList:
      case byte.openObject:
        return this.open(code, this.afterValue ? this.cut(chunk, from, at - 1, found) : from, at);
      case byte.closeList:
      case byte.closeObject:
        this.afterValue = true;
        return this.close(chunk, from, at, found);
      case byte.comma:
        this.afterValue = false;
        return this.depth === this.base && this.base > 0 ? this.emit(chunk, from, at, at + 1, found) : from;
      case byte.colon:
        this.afterValue = false;
        return from;
      case byte.lineFeed:
        return this.depth === 0 ? this.emit(chunk, from, at, at + 1, found) : from;
      default:
        if (code > byte.space) this.afterValue = true;
        return from;
    }
  }

  private open(code: number, from: number, at: number): number {
    this.afterValue = false;
    this.depth += 1;
    if (code !== byte.openList || this.base > 0) return from;
    const ofRecords = this.depth === 2 && recordLists.has(this.name);
    if (this.depth !== 1 && !ofRecords) return from;
    this.base = this.depth;
    this.emptied = ofRecords;
    this.value.drop();
    return at + 1;
  }

  private close(chunk: Uint8Array, from: number, at: number, found: Element[]): number {
    if (this.depth > 0) this.depth -= 1;
    if (this.depth > 0 && this.depth >= this.base) return from;
    if (this.base > 0) {
      this.base = 0;
      return this.emit(chunk, from, at, at + 1, found);
    }
    if (!this.emptied) return this.emit(chunk, from, at + 1, at + 1, found);
    this.emptied = false;
    this.value.drop();
    return at + 1;
  }

  /** Ends a value that was cut, and begins anew behind it. */
  private cut(chunk: Uint8Array, from: number, last: number, found: Element[]): number {
    this.inString = false;
    this.escaped = false;
    this.afterValue = false;
    if (this.restOfObject) {
      this.emptied = false;
      this.value.drop();
    }
    this.depth = this.base;
    return this.emit(chunk, from, last + 1, last + 1, found);
  }

  private emit(chunk: Uint8Array, from: number, to: number, next: number, found: Element[]): number {
    this.value.add(chunk, from, to);
    const value = this.value.take(this.number);
    if (value !== undefined) {
      found.push(value);
      this.number += 1;
    }
    return next;
  }
}

/** Position of the next byte that means something in a string: most of a log is text that does not. */
function endOfPlainText(chunk: Uint8Array, from: number): number {
  let at = from;
  for (; at < chunk.length; at += 1) {
    const code = chunk[at];
    if (code === byte.quote || code === byte.backslash || code === byte.lineFeed) return at;
  }
  return at;
}

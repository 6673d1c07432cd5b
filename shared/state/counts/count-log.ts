import { memberLength } from '../../model/hash.ts';
import { list, parseJson, text } from '../../model/json.ts';
import { day, minute } from '../../model/time.ts';
import type { StateDocument } from '../store.ts';
import { type Cell, counterAt, lineageOf } from './cell.ts';

/*
 * What was counted in a stretch of a cluster's time is one log: documents that are never changed, each under the number after the last.
 * Who adds one has read all before it, or the number is taken. So of two that count at once the second sees what the first did,
 * and who is alone reads nothing. A cell is in every log that a window over it may end in, so that the log in which a window ends
 * shows all of it. It is what is in a log that counts, not in which order: what comes twice is one.
 */

/** Minutes of a log. The length of every window divides it, so that no stretch that a threshold tells apart lies in two. */
export const logMinutes = 240;
/** The longest window: a log holds cells of so many minutes before it. Source: `Counting.minutes`. */
const longestWindow = 60;
/** A payload may be delivered anew for fourteen days. Source: Amazon SQS developer guide, "message retention". */
const logKept = 16 * day;

/** A minute that holds this many is above every ceiling: more is not counted. */
const saturation = 512;

/** Characters at which a log takes no counters that are new to it: some 700,000 that nobody but a flood makes within four hours. */
export const fullLog = 60_000_000;

/** Cells in one document: far below the 400 KB of an item. */
const mostCells = 4_000;

/** A cell stands in a log as its minute there, from the longest window before it on, in two digits of base 36, and its member. */
const minuteDigits = 2;
const cellLength = minuteDigits + memberLength;

/** Digits of a document's number: texts sort as numbers do. */
const numberDigits = 8;

/** Which log: of what the detections of one source count in a cluster. */
export interface LogName {
  readonly source: string;
  /** Digest of the cluster. */
  readonly scope: string;
  /** The number of its stretch of time since the epoch. */
  readonly number: number;
}

/** The number of the log that a minute lies in. */
export function logOf(minuteOfEpoch: number): number {
  return Math.floor(minuteOfEpoch / logMinutes);
}

/** The numbers of the logs that windows over a minute end in. */
export function logsFrom(minuteOfEpoch: number, length: number): readonly number[] {
  const [first, last] = [logOf(minuteOfEpoch), logOf(minuteOfEpoch + length - 1)];
  return first === last ? [first] : [first, last];
}

/** Where the documents of a log stand. */
export function partitionOf({ source, scope, number }: LogName): string {
  return ['counts', source, scope, String(number)].join('\t');
}

/** Where a document of a log stands, by its number. */
export function sortOf(number: number): string {
  return String(number).padStart(numberDigits, '0');
}

/** The log as a process knows it. */
export class CountLog {
  readonly name: LogName;
  readonly partition: string;
  /** Number of the next document. */
  next = 0;
  /** Characters held, counters' names included. */
  size = 0;
  private readonly cells = new Map<string, string>();

  constructor(name: LogName) {
    this.name = name;
    this.partition = partitionOf(name);
  }

  /** Takes in documents, in any order. */
  add(documents: readonly StateDocument[]): void {
    for (const { sort, document } of documents) {
      this.next = Math.max(this.next, Number(sort) + 1);
      this.take(document);
    }
  }

  /** Takes in what one more document says. */
  take(document: string): void {
    for (const entry of list(parseJson(document))) {
      const [detection, counters] = list(entry);
      for (const counter of list(counters)) {
        const [path, cells] = list(counter);
        this.join(counterAt(text(detection) ?? '', this.name.scope, text(path) ?? ''), text(cells) ?? '');
      }
    }
  }

  /** The documents that would add cells, each once and as far as they are not there. */
  documentsFor(cells: readonly Cell[]): string[] {
    const news = new Map<string, Cell>();
    const sizes = new Map<string, ReadonlyMap<number, number>>();
    for (const cell of cells) if (!this.has(cell, sizes)) news.set(`${cell.counter} ${this.written(cell)}`, cell);
    const all = [...news.values()];
    const parts = Array.from({ length: Math.ceil(all.length / mostCells) }, (_, part) =>
      all.slice(part * mostCells, (part + 1) * mostCells),
    );
    return parts.map((part) => this.documentOf(part));
  }

  /** A document of the log as it is stored under the next number. */
  asNext(document: string): StateDocument {
    const expires = (this.name.number + 1) * logMinutes * minute + logKept;
    return { partition: this.partition, sort: sortOf(this.next), document, expires };
  }

  /** The most that any window of a counter may hold. */
  atMost(counter: string): number {
    return (this.cells.get(counter)?.length ?? 0) / cellLength;
  }

  /** All counters. */
  counters(): Iterable<string> {
    return this.cells.keys();
  }

  /** Calls back with each minute and member of a counter; the same may come twice. */
  eachCell(counter: string, call: (minuteOfEpoch: number, member: string) => void): void {
    const cells = this.cells.get(counter) ?? '';
    const first = this.firstMinute;
    for (let at = 0; at < cells.length; at += cellLength)
      call(first + Number.parseInt(cells.slice(at, at + minuteDigits), 36), cells.slice(at + minuteDigits, at + cellLength));
  }

  private get firstMinute(): number {
    return this.name.number * logMinutes - longestWindow;
  }

  private join(counter: string, cells: string): void {
    if (cells.length % cellLength !== 0) return;
    const known = this.cells.get(counter);
    this.size += cells.length + (known === undefined ? counter.length : 0);
    this.cells.set(counter, known === undefined ? cells : known + cells);
  }

  /** Whether a cell is there, or there is no room for it: its minute is full, or the log is. */
  private has(cell: Cell, sizes: Map<string, ReadonlyMap<number, number>>): boolean {
    const known = this.cells.get(cell.counter);
    if (known === undefined) return this.size >= fullLog;
    const written = this.written(cell);
    for (let at = known.indexOf(written); at >= 0; at = known.indexOf(written, at + 1)) if (at % cellLength === 0) return true;
    if (known.length < saturation * cellLength) return false;
    let counts = sizes.get(cell.counter);
    if (counts === undefined) sizes.set(cell.counter, (counts = this.sizesOf(cell.counter)));
    return (counts.get(cell.minute) ?? 0) >= saturation;
  }

  /** How many cells each minute of a counter holds. */
  private sizesOf(counter: string): ReadonlyMap<number, number> {
    const sizes = new Map<number, number>();
    this.eachCell(counter, (at) => sizes.set(at, (sizes.get(at) ?? 0) + 1));
    return sizes;
  }

  private written({ minute: at, member }: Cell): string {
    return `${(at - this.firstMinute).toString(36).padStart(minuteDigits, '0')}${member}`;
  }

  /** By detection and counter: `[[DETECTION, [[PATH, CELLS], …]], …]`. */
  private documentOf(cells: readonly Cell[]): string {
    const detections = new Map<string, Map<string, string>>();
    for (const cell of cells) {
      const { detection, path } = lineageOf(cell.counter);
      const counters = detections.get(detection) ?? new Map<string, string>();
      detections.set(detection, counters.set(path, (counters.get(path) ?? '') + this.written(cell)));
    }
    return JSON.stringify([...detections].map(([detection, counters]) => [detection, [...counters]]));
  }
}

import type { ListKind } from '../contract/site.ts';
import type { AutonomousSystem } from '../model/listed.ts';
import { type AddressRange, RangeMap } from '../model/range-map.ts';
import { isTooWide, rangeIn } from './range-text.ts';
import { systemRowIn } from './system-row.ts';
import { UnusableList } from './unusable.ts';

/** What the text of a list holds. */
export interface ListContent {
  readonly ranges: RangeMap;
  /** What the ranges' values are: the value is the place in this list. Empty but for lists of autonomous systems. */
  readonly systems: readonly AutonomousSystem[];
  /** Lines that say something, read or not. */
  readonly lines: number;
  /** Lines that could not be read. */
  readonly unreadable: number;
  /** "line 3: …", at most a few: for the person who wrote it. */
  readonly problems: readonly string[];
}

/** One line in so many may be unreadable. */
const mostOdd = 10;

/** Problems shown: a file of another kind is wrong in every line. */
const mostProblems = 5;
const longestShown = 60;

/** Ranges that a list may have: tables of all the internet's routes have about a million. */
const mostRanges = 2_000_000;
/** A line that is longer is no entry of a list. */
const longestLine = 1_000;

/**
 * Reads the text form in which feeds publish addresses: one address, range in CIDR notation or `first-last` a line; what
 * follows `#` or `;` is a comment. Lists of autonomous systems are tables. Throws {@link UnusableList} on one without end.
 */
export function readList(kind: ListKind, text: string): ListContent {
  return kind === 'as' ? readSystems(text) : readAddresses(text);
}

/**
 * What is wrong with a list, for whoever wrote it; absent where it can be used. Every line of a list of addresses should be
 * one; the tables of systems that people publish have a few odd rows.
 */
export function wrongWith(kind: ListKind, { ranges, lines, unreadable, problems }: ListContent): string | undefined {
  if (unreadable > (kind === 'as' ? lines / mostOdd : 0)) return problems.join('; ');
  return ranges.size === 0 ? 'holds nothing' : undefined;
}

/** Throws {@link UnusableList} on a list that came out empty, or that is of another kind: an error page, or half a file. */
export function checkFetched({ ranges, lines, unreadable, problems }: ListContent): void {
  if (unreadable > lines / mostOdd)
    throw new UnusableList(`it has ${String(unreadable)} lines of ${String(lines)} that say nothing: ${problems.join('; ')}`);
  if (ranges.size === 0) throw new UnusableList('it holds nothing');
}

function readAddresses(text: string): ListContent {
  const notes = new Notes();
  const ranges: AddressRange[] = [];
  for (const { line, number } of linesOf(text)) {
    const entry = line.split(/[#;]/, 1)[0]?.trim() ?? '';
    if (entry === '') continue;
    const range = rangeIn(entry);
    if (range === undefined) notes.unreadable(number, entry, 'is no address and no range in CIDR notation');
    else if (isTooWide(range)) notes.unreadable(number, entry, 'is too large a part of the internet to be meant');
    else ranges.push({ ...range, value: 0 });
    notes.count(ranges.length);
  }
  return { ranges: RangeMap.of(ranges), systems: [], ...notes.all() };
}

function readSystems(text: string): ListContent {
  const notes = new Notes();
  const ranges: AddressRange[] = [];
  const systems: AutonomousSystem[] = [];
  const places = new Map<number, number>();
  for (const { line, number: at } of linesOf(text)) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const row = systemRowIn(line);
    if (row === undefined) {
      // The first line may be a heading.
      if (at > 1) notes.unreadable(at, line, 'is no range with the number of an autonomous system');
      continue;
    }
    const { range, number, name } = row;
    if (number > 0) {
      let place = places.get(number);
      if (place === undefined) places.set(number, (place = systems.push({ number, name }) - 1));
      ranges.push({ ...range, value: place });
    }
    notes.count(ranges.length);
  }
  return { ranges: RangeMap.of(ranges), systems, ...notes.all() };
}

/** What is to be said about the lines of a list. */
class Notes {
  private lines = 0;
  private wrong = 0;
  private readonly problems: string[] = [];

  count(ranges: number): void {
    this.lines += 1;
    if (ranges > mostRanges) throw new UnusableList(`it has more than ${String(mostRanges)} ranges`);
  }

  unreadable(line: number, entry: string, what: string): void {
    this.wrong += 1;
    if (this.problems.length < mostProblems) this.problems.push(`line ${String(line)}: ${entry.slice(0, longestShown)} ${what}`);
  }

  all(): Pick<ListContent, 'lines' | 'unreadable' | 'problems'> {
    return { lines: this.lines, unreadable: this.wrong, problems: this.problems };
  }
}

function* linesOf(text: string): Generator<{ readonly line: string; readonly number: number }> {
  let number = 0;
  // A mark of byte order is no part of the first line.
  for (let from = text.startsWith('\uFEFF') ? 1 : 0; from < text.length;) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    number += 1;
    yield { line: text.slice(from, Math.min(end, from + longestLine)).replace(/\r$/, ''), number };
    from = end + 1;
  }
}

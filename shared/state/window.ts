import type { EventBase } from '../model/base.ts';
import { digest, memberLength } from '../model/hash.ts';
import { Recent } from '../model/recent.ts';
import { day, minute } from '../model/time.ts';
import { keyAt, type Merge, placeOf, type StateItem } from './store.ts';

/**
 * Counts requests, or distinct members, per key and minute. Each minute of an item is a set of short
 * hashes. Writers add first and judge on what the store returns; neighbouring items are read strongly
 * after the write, so of two concurrent writers one sees both.
 */
export interface WindowCell {
  /** Everything but the time: names the counter, and is the partition of its items. */
  readonly counter: string;
  /** Minutes since the epoch. */
  readonly minute: number;
  readonly member: string;
}

/** A window whose count is known. */
export interface WindowCount {
  /** First minute, since the epoch. */
  readonly start: number;
  readonly count: number;
  /** Windows that start in the same stretch are one: the finding's identity. */
  readonly stretch: number;
}

/** Members are told by the minute, those of windows from so many minutes on by a sixth of the window: who comes again within it needs no write. */
const longWindow = 30;
const stepsOfLongWindow = 6;
/** Marks the counters of members of long windows. */
const long = '/long';
/** Items are so wide that a window seldom reaches into two, and not so wide that sets of saturated minutes fill one. */
const minutesPerItem = (counter: string): number => (counter.endsWith(long) ? 240 : 30);
/** Items last long enough for profiles to see whole weeks. */
export const windowKept = 35 * day;

/** A minute that holds this many is above every ceiling: more is not counted. */
const saturation = 512;

/** Windows that raised something, by stretch: they stay out of profiles. */
export const firedSet = 'f';

/** Names a counter: its cluster, the group it is one of where its detection knows one, and whose it is. */
export interface CounterName {
  readonly within: string | undefined;
  readonly by: readonly string[];
  readonly minutes: number;
}

/** Digests of clusters and groups: many counters bear them, so they are short; 72 bits are out of reach of a chosen collision. */
const parentLength = 12;
/** Stands for the group of a counter that has none. */
const noGroup = '-';

/** Counters named before: nearly every event comes from a counter that was counted a moment ago. */
const knownCounters = new Recent<string>(20_000);

/** Lengths keep different lists of parts from meeting in one text. */
const sized = (part: string): string => `${String(part.length)} ${part}`;

/** `window:DETECTION:CLUSTER/GROUP/WHOSE`, and the mark of long windows: parents, and how wide items are, can be told from the name. */
function counterNamed(detection: string, { scope }: EventBase, { within, by }: CounterName, isLong: boolean): string {
  const { account, region, cluster } = scope;
  const mark = isLong ? long : '';
  let name = `${detection}${mark} ${account} ${region} ${cluster} ${within === undefined ? noGroup : sized(within)}`;
  for (const part of by) name += sized(part);
  let counter = knownCounters.get(name);
  if (counter === undefined) {
    const whole = digest(parentLength, [account, region, cluster]);
    const group = within === undefined ? noGroup : digest(parentLength, [within]);
    const whose = digest(22, [account, region, cluster, ...by]);
    counter = `window:${detection}:${whole}/${group}/${whose}${mark}`;
    knownCounters.set(name, counter);
  }
  return counter;
}

/** The cell of an event. */
export function windowCell(detection: string, event: EventBase, name: CounterName, member: string | undefined): WindowCell {
  const isLong = member !== undefined && name.minutes >= longWindow;
  const width = isLong ? Math.floor(name.minutes / stepsOfLongWindow) : 1;
  return {
    counter: counterNamed(detection, event, name, isLong),
    minute: Math.floor(event.time / (width * minute)) * width,
    member: member === undefined ? event.key.slice(0, memberLength) : digest(memberLength, [member]),
  };
}

/** The item that holds a minute of a counter. */
export function windowKey(counter: string, minuteOfEpoch: number): string {
  return keyAt(counter, String(Math.floor(minuteOfEpoch / minutesPerItem(counter))));
}

/** The counter and the first moment, in milliseconds, of an item's key. */
export function counterOf(key: string): { readonly counter: string; readonly start: number } {
  const { partition: counter, sort } = placeOf(key);
  return { counter, start: Number(sort) * minutesPerItem(counter) * minute };
}

/** Whose counter it is: its detection, its cluster, and its group where it has one. */
export function lineageOf(counter: string): { readonly detection: string; readonly scope: string; readonly group: string | undefined } {
  const [, detection = '', path = ''] = counter.split(':', 3);
  const [scope = '', group = noGroup] = path.split('/');
  return { detection, scope, group: group === noGroup ? undefined : group };
}

/** The writes that add cells. */
export function windowMerges(cells: readonly WindowCell[]): Merge[] {
  return cells.map(({ counter, minute: at, member }) => ({
    key: windowKey(counter, at),
    sets: { [`m${String(at % minutesPerItem(counter))}`]: [member] },
    expires: at * minute + windowKept,
    cap: saturation,
  }));
}

/** Cells, and counters, that are remembered. */
const remembered = 50_000;

/**
 * What this process has counted and judged, to the end. To count it again changes nothing: the windows that hold it are judged
 * again whenever somebody counts what is new in them.
 */
export class CountedCells {
  private readonly cells = new Recent<true>(remembered);
  private readonly raised = new Recent<true>(remembered);

  /** Whether a cell must be counted: those of a counter that raised something always are, for what it counts is suspect. */
  isNews(cell: WindowCell): boolean {
    return this.cells.get(nameOf(cell)) === undefined || this.raised.get(cell.counter) !== undefined;
  }

  note(cell: WindowCell): void {
    this.cells.set(nameOf(cell), true);
  }

  noteRaised(counter: string): void {
    this.raised.set(counter, true);
  }
}

function nameOf({ counter, minute: at, member }: WindowCell): string {
  return `${counter} ${String(at)} ${member}`;
}

/** Items beside the written ones that windows over the changed minutes reach into. */
export function windowNeighbours(counter: string, changed: readonly number[], length: number): string[] {
  const keys = new Set<string>();
  const step = minutesPerItem(counter);
  for (const at of changed) {
    const last = at + length - 1;
    for (let reached = at - length + 1; reached < last; reached += step) keys.add(windowKey(counter, reached));
    keys.add(windowKey(counter, last));
  }
  return [...keys];
}

/** Every window of `length` minutes that begins on a counted minute and holds a changed one, with its count. */
export function windowCounts(items: readonly StateItem[], changed: readonly number[], length: number): WindowCount[] {
  const minutes = [...minutesOf(items)].sort(([a], [b]) => a - b);
  const first = Math.min(...changed) - length + 1;
  const last = Math.max(...changed);
  const inside = new Map<string, number>();
  const counts: WindowCount[] = [];
  let reached = 0;
  // The window slides: every member enters once and leaves once.
  for (const [start, leaving] of minutes) {
    for (; (minutes[reached]?.[0] ?? Infinity) < start + length; reached += 1) {
      for (const member of minutes[reached]?.[1] ?? []) inside.set(member, (inside.get(member) ?? 0) + 1);
    }
    if (start >= first && start <= last) counts.push({ start, count: inside.size, stretch: Math.floor(start / length) });
    for (const member of leaving) {
      const times = inside.get(member) ?? 0;
      if (times > 1) inside.set(member, times - 1);
      else inside.delete(member);
    }
  }
  return counts;
}

/** An upper bound of every window's count. */
export function countedAtMost(items: readonly StateItem[]): number {
  let sum = 0;
  for (const { sets } of items) for (const [name, members] of sets) if (name.startsWith('m')) sum += members.size;
  return sum;
}

/** The counted minutes of items of one counter. */
export function minutesOf(items: readonly StateItem[]): Map<number, ReadonlySet<string>> {
  const minutes = new Map<number, ReadonlySet<string>>();
  for (const item of items) {
    const first = counterOf(item.key).start / minute;
    for (const [name, members] of item.sets) if (name.startsWith('m')) minutes.set(first + Number(name.slice(1)), members);
  }
  return minutes;
}

import type { TelemetrySource } from '../model/coverage.ts';
import type { Scope } from '../model/base.ts';
import { day, minute } from '../model/time.ts';
import type { Merge, StateItem } from '../state/store.ts';

/*
 * When something of a log was last heard: a mark for each quarter of an hour in which records of it were taken in, one small item
 * a day. What is usual is learnt from the days before: a cluster that sleeps every night is not silent.
 */

/** Length of what is marked. */
export const quarter = 15 * minute;
const quartersOfDay = day / quarter;
/** A week and a day: what happens once a week has happened before. */
const daysKept = 8;
const set = 'quarters';

/** Sources whose records are marked. */
export type Audible = Exclude<TelemetrySource, 'pipeline'>;

/** Marks that records of these times were heard. */
export function heardMerges(scope: Scope, source: Audible, times: readonly number[]): Merge[] {
  const byDay = new Map<number, string[]>();
  for (const one of quartersOf(times)) {
    const number = Math.floor(one / quartersOfDay);
    const quarters = byDay.get(number);
    if (quarters === undefined) byDay.set(number, [String(one % quartersOfDay)]);
    else quarters.push(String(one % quartersOfDay));
  }
  const merges: Merge[] = [];
  for (const [number, quarters] of byDay)
    merges.push({
      key: keyOf(scope, source, number),
      sets: { [set]: quarters },
      expires: (number + daysKept + 2) * day,
      cap: quartersOfDay,
    });
  return merges;
}

/** The quarters that times lie in: lines of a payload mostly share one. */
function quartersOf(times: readonly number[]): ReadonlySet<number> {
  const quarters = new Set<number>();
  let latest = NaN;
  for (const time of times) {
    const one = Math.floor(time / quarter);
    if (one !== latest) quarters.add((latest = one));
  }
  return quarters;
}

/** Where the marks of a source stand, up to a time. */
export function heardKeys(scope: Scope, source: Audible, time: number): readonly string[] {
  const today = Math.floor(time / day);
  return Array.from({ length: daysKept + 1 }, (_, ago) => keyOf(scope, source, today - ago));
}

/** The quarters that items mark, counted from the epoch. */
export function heardIn(items: Iterable<StateItem>): ReadonlySet<number> {
  const heard = new Set<number>();
  for (const { key, sets } of items) {
    const number = Number(key.slice(key.lastIndexOf('|') + 1));
    for (const one of sets.get(set) ?? []) heard.add(number * quartersOfDay + Number(one));
  }
  return heard;
}

function keyOf({ account, region, cluster }: Scope, source: Audible, number: number): string {
  return `heard\t${account}\t${region}\t${cluster}\t${source}|${String(number)}`;
}

/** How long after its end a quarter has been delivered: the audit log comes within minutes, flow logs are aggregated first. */
const settling: Readonly<Record<Audible, number>> = { audit: 10 * minute, authenticator: 10 * minute, api: 15 * minute, flow: 20 * minute };

/** Quarters that must be missed at least: components of the control plane are never quiet, people and their calls often. */
const floors: Readonly<Record<Audible, number>> = { audit: 1, flow: 2, authenticator: 4, api: 4 };

/** Before three days show what is usual, so many quarters of a source that was steady. */
const young = { days: 3, steady: 4, missed: 4 };
/** A quarter is expected where so many of the days before had something in it. */
const expectedShare = 0.8;
/** A silence is longer by so much than any before. */
const longer = 2;

/** A source that says nothing where it usually does. */
export interface Silence {
  /** Milliseconds since the epoch: the end of the last quarter in which it was heard. */
  readonly since: number;
  /** Quarters in which something was expected, and how many would be borne. */
  readonly missed: number;
  readonly limit: number;
  /** Days that show what is usual. */
  readonly days: number;
}

/** Quarters that show nothing: something is known to have kept records away. */
export type Untaught = (quarter: number) => boolean;

/**
 * Whether a source has fallen silent at a time. `open` is since when it is known to be silent: it stays so until it is heard
 * again, however usual its silence becomes.
 */
export function silenceOf(
  source: Audible,
  heard: ReadonlySet<number>,
  time: number,
  untaught: Untaught,
  open?: number,
): Silence | undefined {
  const closed = Math.floor((time - settling[source]) / quarter) - 1;
  const before = [...heard].filter((one) => one <= closed);
  if (before.length === 0) return open === undefined ? undefined : { since: open, missed: 0, limit: 0, days: 0 };
  const first = Math.min(...before);
  const last = Math.max(...before);
  if (last === closed || Math.max(...heard) > closed) return undefined;
  const days = Math.floor((last - first) / quartersOfDay);
  const since = (last + 1) * quarter;
  const rhythm = new Rhythm(heard, first, untaught);
  const [missed, limit] =
    days < young.days
      ? [rhythm.isSteadyBefore(last) && (source === 'audit' || source === 'flow') ? closed - last : 0, young.missed]
      : [rhythm.expectedBetween(last + 1, closed), Math.max(floors[source], Math.ceil(longer * rhythm.longestMissed(last)))];
  if (missed < limit && !(open !== undefined && since <= open)) return undefined;
  return { since, missed, limit, days };
}

class Rhythm {
  private readonly heard: ReadonlySet<number>;
  private readonly first: number;
  private readonly untaught: Untaught;

  constructor(heard: ReadonlySet<number>, first: number, untaught: Untaught) {
    this.heard = heard;
    this.first = first;
    this.untaught = untaught;
  }

  expectedBetween(from: number, to: number): number {
    let count = 0;
    for (let one = from; one <= to; one += 1) if (this.isExpected(one)) count += 1;
    return count;
  }

  /** The most quarters in a row in which something was expected and nothing came. */
  longestMissed(to: number): number {
    let longest = 0;
    let missed = 0;
    for (let one = this.first; one <= to; one += 1) {
      if (this.heard.has(one)) missed = 0;
      else if (!this.untaught(one) && this.isExpected(one)) missed += 1;
      longest = Math.max(longest, missed);
    }
    return longest;
  }

  isSteadyBefore(last: number): boolean {
    return Array.from({ length: young.steady }, (_, ago) => last - ago).every((one) => this.heard.has(one));
  }

  private isExpected(one: number): boolean {
    const known = Array.from({ length: daysKept }, (_, ago) => one - (ago + 1) * quartersOfDay).filter(
      (same) => same >= this.first && !this.untaught(same),
    );
    if (known.length < young.days) return false;
    const share = known.filter((same) => this.heard.has(same)).length / known.length;
    const lastWeek = one - 7 * quartersOfDay;
    const weekly =
      lastWeek < this.first || this.untaught(lastWeek) || [lastWeek - 1, lastWeek, lastWeek + 1].some((same) => this.heard.has(same));
    return share >= expectedShare && weekly;
  }
}

import type { Event } from '../model/event.ts';
import { minute } from '../model/time.ts';
import { type Cell, cellOf, lineageOf } from '../state/counts/cell.ts';
import type { CountLog } from '../state/counts/count-log.ts';
import { CountLogs, type Share } from '../state/counts/count-logs.ts';
import { CountedCells } from '../state/counts/counted.ts';
import { dayMark } from '../state/counts/tallies.ts';
import { minutesAround, windowCounts } from '../state/counts/windows.ts';
import { lineKeys } from '../state/profile.ts';
import { ProfileMemory } from '../state/profile-memory.ts';
import type { Merge, StateStore } from '../state/store.ts';
import type { Registered } from './finding.ts';
import type { Excess, Threshold } from './kit.ts';
import { limitAt } from './limit.ts';
import { limitIn, type Limits, limitsFor, noLimits, type OperatorLimit } from './operator-limit.ts';

/*
 * Thresholds: a batch adds its share to the logs of counts and judges what it finds there, so that invocations
 * that run at once see each other's shares.
 */

/** The events of a batch that one counter counts. */
export interface Tally {
  readonly registered: Registered<Threshold<Event>>;
  readonly counter: string;
  readonly cells: { readonly cell: Cell; readonly event: Event }[];
}

/** A counter over its limit in one stretch of time. */
export interface CountedExcess {
  readonly tally: Tally;
  readonly excess: Excess;
  readonly stretch: number;
  /** The batch's events in the window. */
  readonly events: readonly Event[];
}

/** Adds an event to the counter it belongs to. */
export function addToTally(tallies: Map<string, Tally>, registered: Registered<Threshold<Event>>, event: Event): void {
  const { by, member, members, minutes, within } = registered.detection.count;
  const name = { by: by(event), within: within?.(event), minutes };
  for (const counted of members?.(event) ?? [member?.(event)]) {
    const cell = cellOf(registered.detection.id, event, name, counted);
    const tally = tallies.get(cell.counter) ?? { registered, counter: cell.counter, cells: [] };
    tally.cells.push({ cell, event });
    tallies.set(cell.counter, tally);
  }
}

/** What of a tally this process has not counted before. */
interface News extends Share {
  readonly tally: Tally;
}

/** What counting came to. */
export interface Counted {
  readonly excesses: readonly CountedExcess[];
  /** Marks of the days that there is something to tally of. */
  readonly marks: readonly Merge[];
}

/** The counters of a store, as one process adds to them. */
export class Counters {
  private readonly store: StateStore;
  private readonly limits: Limits;
  private readonly logs: CountLogs;
  private readonly profiles = new ProfileMemory();
  private readonly counted = new CountedCells();

  constructor(store: StateStore, limits: Limits = noLimits) {
    this.store = store;
    this.limits = limits;
    this.logs = new CountLogs(store);
  }

  /** Adds the batch's counts and returns every window that passed its limit. */
  async count(tallies: readonly Tally[]): Promise<Counted> {
    const news = tallies.flatMap((tally) => this.newsIn(tally));
    if (news.length === 0) return { excesses: [], marks: [] };
    const mayReach = news.filter((one) => this.atMost(one) + one.cells.length >= leastLimit(one.tally));
    const [limits] = await Promise.all([this.limits.limits(), this.logs.add(news), this.readProfiles(mayReach)]);
    const reaching = news.filter((one) => this.atMost(one) >= leastLimit(one.tally, givenFor(one.tally, limits)));
    // Others may have counted more than this process knew of.
    await this.readProfiles(reaching);
    const excesses = reaching.flatMap((one) => excessesOf(one, this.logs.of(one), this.profiles, givenFor(one.tally, limits)));
    return { excesses, marks: news.flatMap(marksOf) };
  }

  /** Notes what was counted. Called only after everything about it was stored. */
  settle(tallies: readonly Tally[], { excesses }: Counted): void {
    for (const { tally } of excesses) this.counted.noteRaised(tally.counter);
    for (const { cells } of tallies) for (const { cell } of cells) this.counted.note(cell);
  }

  private newsIn(tally: Tally): News[] {
    const cells = tally.cells.flatMap(({ cell }) => (this.counted.isNews(cell) ? [cell] : []));
    if (cells.length === 0) return [];
    const { source, count } = tally.registered.detection;
    return [{ tally, cells, minutes: count.minutes, name: { source, scope: lineageOf(tally.counter).scope } }];
  }

  /** The most that any window over what is news may hold, as far as this process knows. */
  private atMost(one: News): number {
    return this.logs.of(one).reduce((sum, log) => sum + log.atMost(one.tally.counter), 0);
  }

  /** Reads the profiles that speak for counters. Parents are few and shared: in one batch they are read once. */
  private async readProfiles(news: readonly News[]): Promise<void> {
    const moment = news.reduce((newest, { tally }) => tally.cells.reduce((latest, { event }) => Math.max(latest, event.time), newest), 0);
    const profiled = news.filter(({ tally }) => tally.registered.detection.limit.profile !== undefined);
    const lines = new Set(profiled.flatMap(({ tally }) => lineKeys(tally.counter).map(([, key]) => key)));
    const unknown = this.profiles.unknownOf(lines, moment);
    if (unknown.length > 0) this.profiles.note(unknown, await this.store.read(unknown, 'eventual'), moment);
  }
}

/** One mark for what came in time: who set it need not set it again. One of its own for what came late, after its day may have been tallied. */
function marksOf({ tally, name }: News): Merge[] {
  return tally.cells.map(({ cell, event }) => dayMark(name, cell.minute, event.late ? cell.member : undefined));
}

/** A counter is one of a cluster's. */
function givenFor({ registered, cells }: Tally, limits: readonly OperatorLimit[]): readonly OperatorLimit[] {
  const [first] = cells;
  return limits.length === 0 || first === undefined ? [] : limitsFor(limits, registered.detection.id, first.event.scope);
}

/** No limit of a counter is lower. */
function leastLimit({ registered }: Tally, given: readonly OperatorLimit[] = []): number {
  const { ceiling, profile } = registered.detection.limit;
  return Math.min(ceiling, profile?.floor ?? ceiling, ...given.map(({ limit }) => limit));
}

/** The windows of a counter that passed the limit, the fullest of each stretch. */
function excessesOf(
  { tally, cells, minutes: length }: News,
  logs: readonly CountLog[],
  profiles: ProfileMemory,
  given: readonly OperatorLimit[],
): CountedExcess[] {
  const { detection } = tally.registered;
  const least = leastLimit(tally, given);
  const changed = [...new Set(cells.map((cell) => cell.minute))];
  const counted = minutesAround(logs, tally.counter, changed, length);
  const line = lineKeys(tally.counter).map(([whose, key]) => [whose, profiles.of(key)] as const);
  const fullest = new Map<number, CountedExcess>();
  for (const { start, count, stretch } of windowCounts(counted, changed, length)) {
    const since = start * minute;
    if (count < least || count <= (fullest.get(stretch)?.excess.count ?? 0)) continue;
    const { limit, baseline } = limitAt(detection.limit, line, since, count, limitIn(given, since));
    if (count < limit) continue;
    const within = tally.cells.filter(({ cell }) => cell.minute >= start && cell.minute < start + length);
    const events = [...new Set(within.map(({ event }) => event))];
    fullest.set(stretch, {
      tally,
      stretch,
      events,
      excess: { count, limit, minutes: length, since, baseline: { counted: count, ...baseline } },
    });
  }
  return [...fullest.values()];
}

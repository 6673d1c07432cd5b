import type { Event } from '../model/event.ts';
import { minute } from '../model/time.ts';
import { lineKeys } from '../state/profile.ts';
import { ProfileMemory } from '../state/profile-memory.ts';
import { combine, type StateItem, type StateStore } from '../state/store.ts';
import { countedAtMost, CountedCells, type WindowCell, windowCell, windowCounts, windowMerges, windowNeighbours } from '../state/window.ts';
import type { Registered } from './finding.ts';
import type { Excess, Threshold } from './kit.ts';
import { limitAt } from './limit.ts';
import { limitIn, type Limits, limitsFor, noLimits, type OperatorLimit } from './operator-limit.ts';

/*
 * Thresholds: a batch adds its share to the counters in the store and judges what the store returns, so that invocations
 * that run at once see each other's shares.
 */

/** The events of a batch that one counter counts. */
export interface Tally {
  readonly registered: Registered<Threshold<Event>>;
  readonly counter: string;
  readonly cells: { readonly cell: WindowCell; readonly event: Event }[];
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
    const cell = windowCell(registered.detection.id, event, name, counted);
    const tally = tallies.get(cell.counter) ?? { registered, counter: cell.counter, cells: [] };
    tally.cells.push({ cell, event });
    tallies.set(cell.counter, tally);
  }
}

/** What of a tally this process has not counted before. */
interface News {
  readonly tally: Tally;
  readonly cells: readonly WindowCell[];
  readonly minutes: readonly number[];
  /** The items that windows over them reach into. */
  readonly reach: readonly string[];
}

/** The counters of a store, as one process adds to them. */
export class Counters {
  private readonly store: StateStore;
  private readonly limits: Limits;
  private readonly profiles = new ProfileMemory();
  private readonly counted = new CountedCells();

  constructor(store: StateStore, limits: Limits = noLimits) {
    this.store = store;
    this.limits = limits;
  }

  /** Merges the batch's counts and returns every window that passed its limit. */
  async count(tallies: readonly Tally[]): Promise<readonly CountedExcess[]> {
    const news = tallies.flatMap((tally) => this.newsIn(tally));
    if (news.length === 0) return [];
    const merges = combine(windowMerges(news.flatMap(({ cells }) => cells)));
    // What people set is asked for beside the first request, and remembered by whoever answers.
    const [written, limits] = await Promise.all([this.store.merge(merges), this.limits.limits()]);
    const items = new Map([...(await this.besides(news, written)), ...written]);
    return news.flatMap((one) => excessesOf(one, items, limits));
  }

  /** Notes what was counted. Called only after everything about it was stored. */
  settle(tallies: readonly Tally[], excesses: readonly CountedExcess[]): void {
    for (const { tally } of excesses) this.counted.noteRaised(tally.counter);
    for (const { cells } of tallies) for (const { cell } of cells) this.counted.note(cell);
  }

  private newsIn(tally: Tally): News[] {
    const cells = tally.cells.flatMap(({ cell }) => (this.counted.isNews(cell) ? [cell] : []));
    if (cells.length === 0) return [];
    const minutes = [...new Set(cells.map((cell) => cell.minute))];
    const reach = windowNeighbours(tally.counter, minutes, tally.registered.detection.count.minutes);
    return [{ tally, cells, minutes, reach }];
  }

  /** What windows reach into beside what was written, and the profiles of their counters. */
  private async besides(news: readonly News[], written: ReadonlyMap<string, StateItem>): Promise<ReadonlyMap<string, StateItem>> {
    const neighbours = news.flatMap(({ reach }) => reach.filter((key) => !written.has(key)));
    const moment = news.reduce((newest, { tally }) => tally.cells.reduce((latest, { event }) => Math.max(latest, event.time), newest), 0);
    // Parents are few and shared: in one batch they are read once.
    const profiled = news.filter(({ tally }) => tally.registered.detection.limit.profile !== undefined);
    const lines = new Set(profiled.flatMap(({ tally }) => lineKeys(tally.counter).map(([, key]) => key)));
    const unknown = this.profiles.unknownOf(lines, moment);
    const wanted = new Set([...neighbours, ...unknown]);
    const read = wanted.size === 0 ? new Map<string, StateItem>() : await this.store.read([...wanted], 'strong');
    this.profiles.note(unknown, read, moment);
    return new Map([...this.profiles.of(lines), ...read]);
  }
}

/** A counter is one of a cluster's. */
function givenFor({ registered, cells }: Tally, limits: readonly OperatorLimit[]): readonly OperatorLimit[] {
  const [first] = cells;
  return limits.length === 0 || first === undefined ? [] : limitsFor(limits, registered.detection.id, first.event.scope);
}

/** The windows of a counter that passed the limit, the fullest of each stretch. */
function excessesOf(
  { tally, minutes, reach }: News,
  items: ReadonlyMap<string, StateItem>,
  limits: readonly OperatorLimit[],
): CountedExcess[] {
  const { detection } = tally.registered;
  const length = detection.count.minutes;
  const given = givenFor(tally, limits);
  const present = reach.flatMap((key) => items.get(key) ?? []);
  // No limit is lower, and no window holds more than all minutes together: nearly always that is the end of it.
  const { ceiling, profile } = detection.limit;
  const least = Math.min(ceiling, profile?.floor ?? ceiling, ...given.map(({ limit }) => limit));
  if (countedAtMost(present) < least) return [];
  const line = lineKeys(tally.counter).map(([whose, key]) => [whose, items.get(key)] as const);
  const fullest = new Map<number, CountedExcess>();
  for (const { start, count, stretch } of windowCounts(present, minutes, length)) {
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

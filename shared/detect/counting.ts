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

/** A tally with the cells that this process has not counted before. */
interface News extends Tally {
  readonly news: Tally['cells'];
}

function minutesIn(cells: Tally['cells']): number[] {
  return [...new Set(cells.map(({ cell }) => cell.minute))];
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
  async count(all: readonly Tally[]): Promise<readonly CountedExcess[]> {
    const tallies = all.flatMap((tally): News[] => {
      const news = tally.cells.filter(({ cell }) => this.counted.isNews(cell));
      return news.length === 0 ? [] : [{ ...tally, news }];
    });
    if (tallies.length === 0) return [];
    const merges = combine(windowMerges(tallies.flatMap(({ news }) => news.map(({ cell }) => cell))));
    // What people set is asked for beside the first request, and remembered by whoever answers.
    const [written, given] = await Promise.all([this.store.merge(merges), this.limits.limits()]);
    // What the written items hold alone is nearly always all there is, and below every limit.
    const open = tallies.filter((tally) => {
      const keys = reachOf(tally);
      return keys.some((key) => !written.has(key)) || mayPass(tally, presentIn(written, keys), givenFor(tally, given));
    });
    const neighbours = open.flatMap((tally) => reachOf(tally).filter((key) => !written.has(key)));
    const moment = open.reduce((newest, { cells }) => cells.reduce((latest, { event }) => Math.max(latest, event.time), newest), 0);
    // Parents are few and shared: in one batch they are read once.
    const lines = new Set(
      open.flatMap(({ registered, counter }) =>
        registered.detection.limit.profile === undefined ? [] : lineKeys(counter).map(([, key]) => key),
      ),
    );
    const unknown = this.profiles.unknownOf(lines, moment);
    const wanted = new Set([...neighbours, ...unknown]);
    const read = wanted.size === 0 ? new Map<string, StateItem>() : await this.store.read([...wanted], 'strong');
    this.profiles.note(unknown, read, moment);
    const items = new Map([...this.profiles.of(lines), ...read, ...written]);
    return open.flatMap((tally) => excessesOf(tally, items, givenFor(tally, given)));
  }

  /** Notes what was counted. Called only after everything about it was stored. */
  settle(tallies: readonly Tally[], excesses: readonly CountedExcess[]): void {
    for (const { tally } of excesses) this.counted.noteRaised(tally.counter);
    for (const { cells } of tallies) for (const { cell } of cells) this.counted.note(cell);
  }
}

/** A counter is one of a cluster's. */
function givenFor({ registered, cells }: Tally, limits: readonly OperatorLimit[]): readonly OperatorLimit[] {
  const [first] = cells;
  return limits.length === 0 || first === undefined ? [] : limitsFor(limits, registered.detection.id, first.event.scope.cluster);
}

/** The items that windows over what is new reach into. */
function reachOf({ registered, counter, news }: News): string[] {
  return windowNeighbours(counter, minutesIn(news), registered.detection.count.minutes);
}

function presentIn(items: ReadonlyMap<string, StateItem>, keys: readonly string[]): StateItem[] {
  return keys.flatMap((key) => items.get(key) ?? []);
}

/** No limit is lower. */
function leastOf({ registered }: Tally, given: readonly OperatorLimit[]): number {
  const { ceiling, profile } = registered.detection.limit;
  return Math.min(ceiling, profile?.floor ?? ceiling, ...given.map(({ limit }) => limit));
}

/** Whether a window within these items can have passed its limit: none holds more than all of them together. */
function mayPass(tally: Tally, items: readonly StateItem[], given: readonly OperatorLimit[]): boolean {
  return countedAtMost(items) >= leastOf(tally, given);
}

/** The windows of a counter that passed the limit, the fullest of each stretch. */
function excessesOf(tally: News, items: ReadonlyMap<string, StateItem>, given: readonly OperatorLimit[]): CountedExcess[] {
  const { detection } = tally.registered;
  const length = detection.count.minutes;
  const present = presentIn(items, reachOf(tally));
  if (!mayPass(tally, present, given)) return [];
  const least = leastOf(tally, given);
  const line = lineKeys(tally.counter).map(([whose, key]) => [whose, items.get(key)] as const);
  const fullest = new Map<number, CountedExcess>();
  for (const { start, count, stretch } of windowCounts(present, minutesIn(tally.news), length)) {
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

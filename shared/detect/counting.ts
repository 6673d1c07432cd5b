import type { Event } from '../model/event.ts';
import { minute } from '../model/time.ts';
import { lineKeys } from '../state/profile.ts';
import type { ProfileMemory } from '../state/profile-memory.ts';
import { combine, type StateItem, type StateStore } from '../state/store.ts';
import {
  countedAtMost,
  type CountedMembers,
  type WindowCell,
  windowCell,
  windowCounts,
  windowMerges,
  windowNeighbours,
} from '../state/window.ts';
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

function minutesIn(cells: Tally['cells']): number[] {
  return [...new Set(cells.map(({ cell }) => cell.minute))];
}

/** Merges the batch's counts and returns every window that passed its limit. */
export async function count(
  tallies: readonly Tally[],
  store: StateStore,
  profiles: ProfileMemory,
  counted: CountedMembers,
  limits: Limits = noLimits,
): Promise<readonly CountedExcess[]> {
  if (tallies.length === 0) return [];
  const merges = tallies.flatMap(({ cells }) => windowMerges(cells.map(({ cell }) => cell)));
  const news = combine(counted.unknownOf(merges));
  // What people set is asked for beside the first request, and remembered by whoever answers.
  const [written, given] = await Promise.all([news.length === 0 ? new Map<string, StateItem>() : store.merge(news), limits.limits()]);
  counted.note(news);
  const neighbours = tallies.flatMap(({ registered, counter, cells }) =>
    windowNeighbours(counter, minutesIn(cells), registered.detection.count.minutes).filter((key) => !written.has(key)),
  );
  const moment = tallies.reduce((newest, { cells }) => cells.reduce((latest, { event }) => Math.max(latest, event.time), newest), 0);
  // Parents are few and shared: in one batch they are read once.
  const lines = new Set(
    tallies.flatMap(({ registered, counter }) =>
      registered.detection.limit.profile === undefined ? [] : lineKeys(counter).map(([, key]) => key),
    ),
  );
  const unknown = profiles.unknownOf(lines, moment);
  const wanted = new Set([...neighbours, ...unknown]);
  const read = wanted.size === 0 ? new Map<string, StateItem>() : await store.read([...wanted], 'strong');
  profiles.note(unknown, read, moment);
  const items = new Map([...profiles.of(lines), ...read, ...written]);
  return tallies.flatMap((tally) => excessesOf(tally, items, givenFor(tally, given)));
}

/** A counter is one of a cluster's. */
function givenFor({ registered, cells }: Tally, limits: readonly OperatorLimit[]): readonly OperatorLimit[] {
  const [first] = cells;
  return limits.length === 0 || first === undefined ? [] : limitsFor(limits, registered.detection.id, first.event.scope);
}

/** The windows of a counter that passed the limit, the fullest of each stretch. */
function excessesOf(tally: Tally, items: ReadonlyMap<string, StateItem>, given: readonly OperatorLimit[]): CountedExcess[] {
  const { detection } = tally.registered;
  const length = detection.count.minutes;
  const changed = minutesIn(tally.cells);
  const keys = windowNeighbours(tally.counter, changed, length);
  const present = keys.flatMap((key) => items.get(key) ?? []);
  // No window holds more than all minutes together: nearly always that is the end of it.
  const { ceiling, profile } = detection.limit;
  const least = Math.min(ceiling, profile?.floor ?? ceiling, ...given.map(({ limit }) => limit));
  if (countedAtMost(present) < least) return [];
  const line = lineKeys(tally.counter).map(([whose, key]) => [whose, items.get(key)] as const);
  const fullest = new Map<number, CountedExcess>();
  for (const { start, count, stretch } of windowCounts(present, changed, length)) {
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

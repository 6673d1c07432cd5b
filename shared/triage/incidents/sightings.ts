import type { FindingGroup, Member } from '../../detect/finding-group.ts';
import { linkedEntity, spaceOf } from '../../detect/links.ts';
import { techniques } from '../../knowledge/attack.ts';
import type { Severity } from '../../model/finding.ts';
import { digest } from '../../model/hash.ts';
import { day, hour, minute } from '../../model/time.ts';
import type { Merge, StateItem } from '../../state/store.ts';
import { type Horizon, type Watch, wantedIn } from './watch.ts';

/**
 * What was sighted on a link: union items, so that findings may come late, twice and in any order. Time is cut into
 * stretches as long as what is looked for, an item each, and a chain lies in one or in neighbours. In an item each slot of
 * time and each tactic has a room of its own, so that noise fills its room and no other.
 */
export interface Sighting {
  readonly time: number;
  /** The same as `time` where it is known to the moment. */
  readonly until: number;
  readonly severity: Severity;
  readonly tactic: string;
  readonly detection: string;
  /** The fingerprint of its alert. */
  readonly alert: string;
  /** Begins the id of the finding. */
  readonly id: string;
}

/**
 * Room for what one tactic brings in one slot: 12 slots × 16 tactics × (9 + 10 at once) × 100 bytes are below the 400 KB of
 * an item. Detection ids have up to {@link longestDetectionId} characters, for this.
 */
const mostSightings = 10;
export const longestDetectionId = 44;
const slotsPerStretch = 12;
/** The window of a threshold is at most an hour long, and begins somewhere in a stretch as long. */
const longestSpan = 2 * hour;
/** Flow logs tell the minute: what began in the minute of the step before may have followed it. */
export const grain = minute;

/** How long a stretch of each horizon is: the longest chain in it, and what is not known of its ends. */
const lengths: Readonly<Record<Horizon, number>> = { near: hour + longestSpan + grain, far: day + longestSpan + grain };

/** What a group of findings writes to one stretch of a link. */
export interface Notice {
  readonly link: string;
  readonly horizon: Horizon;
  readonly stretch: number;
  readonly merge: Merge;
}

/** The writes that findings of one fingerprint add to the links on which somebody waits for them. */
export function noticesOf(watch: Watch, { speaker, fingerprint }: FindingGroup, members: readonly Member[]): Notice[] {
  const tactic = techniques[speaker.attack[0] ?? '']?.tactic ?? 'other';
  const { detection, severity } = speaker;
  const sightingOf = ({ id, time, until = time }: Member): Omit<Sighting, 'tactic'> => ({
    time,
    until,
    severity,
    detection,
    alert: fingerprint,
    id,
  });
  const placed = members.flatMap((member) =>
    member.links.flatMap((link) =>
      wantedIn(watch, speaker, linkedEntity(link).link).map((horizon) => {
        const slot = Math.floor((member.time * slotsPerStretch) / lengths[horizon]);
        return { link, horizon, stretch: stretchOf(member.time, horizon), room: `${tactic}/${String(slot)}`, member };
      }),
    ),
  );
  const byItem = Map.groupBy(placed, ({ link, horizon, stretch }) => `${horizon} ${String(stretch)} ${link}`);
  return [...byItem.values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined) return [];
    const { link, horizon, stretch } = first;
    const sets = [...Map.groupBy(some, ({ room }) => room)].map(
      ([room, there]) => [room, there.slice(0, mostSightings).map(({ member }) => sightingText(sightingOf(member)))] as const,
    );
    const key = stretchKey(horizon, digest(22, [...spaceOf(link, speaker), link]), stretch);
    return [
      { link, horizon, stretch, merge: { key, sets: Object.fromEntries(sets), expires: expiryOf(horizon, stretch), cap: mostSightings } },
    ];
  });
}

/** The stretch of a moment. */
export function stretchOf(time: number, horizon: Horizon): number {
  return Math.floor(time / lengths[horizon]);
}

/** What arrives late finds the rest still there. */
export function expiryOf(horizon: Horizon, stretch: number): number {
  return (stretch + 2) * lengths[horizon] + day;
}

/** Where the sightings of a link and stretch stand. */
export function stretchKey(horizon: Horizon, link: string, stretch: number): string {
  return `chain:${horizon}:${link}:${String(stretch)}`;
}

/** The key of the same link in another stretch. */
export function keyBeside({ merge, stretch }: Notice, by: number): string {
  return merge.key.replace(/[^:]*$/, String(stretch + by));
}

/** Begins with its time, so that texts sort as what they tell of happened. */
export function sightingText({ time, until, severity, detection, alert, id }: Omit<Sighting, 'tactic'>): string {
  return `${digits(time)} ${digits(until)} ${severity.slice(0, 1)} ${detection.slice(0, longestDetectionId)} ${alert} ${id.slice(0, 8)}`;
}

const digits = (time: number): string => Math.max(0, Math.trunc(time)).toString(36).padStart(9, '0');

const severities: Readonly<Record<string, Severity>> = { l: 'low', m: 'medium', h: 'high', c: 'critical' };

/** All that was sighted, in order of time; each once. */
export function sightingsIn(items: Iterable<StateItem | undefined>): Sighting[] {
  const texts = new Map<string, string>();
  for (const item of items) {
    if (item === undefined) continue;
    for (const [room, some] of item.sets) if (room.includes('/')) for (const text of some) texts.set(text, room.split('/', 1)[0] ?? '');
  }
  return [...texts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([text, tactic]) => readSighting(text, tactic));
}

/** A sighting as it was written. */
export function readSighting(text: string, tactic: string): Sighting {
  const [time = '', until = '', severity = '', detection = '', alert = '', id = ''] = text.split(' ');
  return { time: parseInt(time, 36), until: parseInt(until, 36), severity: severities[severity] ?? 'low', tactic, detection, alert, id };
}

import { findingOf, type Registered } from '../detect/finding.ts';
import type { FindingGroup, Member } from '../detect/finding-group.ts';
import type { Sequence } from '../detect/kit.ts';
import type { Entity } from '../model/entity.ts';
import type { Finding } from '../model/finding.ts';
import { shorten } from '../knowledge/shorten.ts';
import { digest } from '../model/hash.ts';
import { day, hour, minute } from '../model/time.ts';
import type { Merge, StateItem } from '../state/store.ts';

/**
 * Findings in order on one identity or pod. Each step of each link is a set of sightings that grows by union, so
 * findings may arrive late and in any order. Time is cut into stretches, and an item holds the sightings of two that
 * follow each other: any chain is whole in some item. In it, each slot of time has a set of its own, so that noise fills
 * its slot and no other.
 */
export interface Progress {
  readonly sequence: Registered<Sequence>;
  readonly link: string;
  readonly merge: Merge;
}

/** Room of a step in a slot: 2 stretches × 12 slots × 2 steps × (10 and the members of one group) × 370 bytes are below the 400 KB of an item. */
const mostSightings = 10;
const slotsPerStretch = 12;
/** Flow logs tell the minute: what began in the minute of the step before may have followed it. */
const grain = minute;
/** The window of a threshold is at most an hour long, and begins somewhere in a stretch as long. */
const longestSpan = 2 * hour;

/** Two sightings of one chain are in the same stretch or in neighbours. */
function lengthOf({ within }: Sequence): number {
  return within + longestSpan + grain;
}

/** The writes that findings of one fingerprint add to the sequences they are a step of. */
export function progressOf(
  sequences: readonly Registered<Sequence>[],
  { speaker, fingerprint }: FindingGroup,
  members: readonly Member[],
): Progress[] {
  return sequences.flatMap((sequence) => {
    const { detection } = sequence;
    const met = detection.steps.flatMap((detections, step) => (detections.includes(speaker.detection) ? [step] : []));
    if (met.length === 0) return [];
    const length = lengthOf(detection);
    const slotted = members.flatMap((member) => {
      const stretch = Math.floor(member.time / length);
      const slot = Math.floor((member.time * slotsPerStretch) / length);
      return member.links.flatMap((link) => [stretch, stretch + 1].map((item) => ({ link, item, slot, member })));
    });
    return [...Map.groupBy(slotted, ({ link, item }) => `${String(item)} ${link}`).values()].flatMap((some) => {
      const [{ link, item } = { link: '', item: 0 }] = some;
      const sets = [...Map.groupBy(some, ({ slot }) => slot)].flatMap(([slot, there]) =>
        met.map((step) => [setOf(step, slot), there.map(({ member }) => sightingText(member, fingerprint))] as const),
      );
      const { account, region, cluster } = speaker;
      const merge = {
        key: `chain:${detection.id}:${digest(22, [account, region, cluster, link])}:${String(item)}`,
        sets: Object.fromEntries(sets),
        // What arrives late finds the rest still there.
        expires: (item + 1) * length + day,
        cap: mostSightings,
      };
      return [{ sequence, link, merge }];
    });
  });
}

const setOf = (step: number, slot: number): string => `step ${String(step)}/${String(slot)}`;

/** The incidents whose every step was seen in order and in time; none before. */
export function incidentsOf({ sequence, link }: Progress, item: StateItem, last: Finding): Finding[] {
  const { steps, within, summary } = sequence.detection;
  const sightings = steps.map((_, step) => sightingsOf(item, step));
  const incidents = new Map<string, Finding>();
  for (const first of sightings[0] ?? []) {
    const key = `${link} ${String(Math.floor(first.time / within))}`;
    const path = incidents.has(key) ? undefined : pathFrom(first, sightings.slice(1), within);
    if (path === undefined) continue;
    const entity = entityOf(link);
    const verdict = { entity, summary: `${summary}: ${entity.name}.` };
    const time = Math.max(...path.map((each) => each.time));
    const timeline = path.map((each) => ({ time: each.time, note: each.summary }));
    incidents.set(key, findingOf(sequence, verdict, { scope: last, time, key, evidence: timeline, links: [], late: last.late }));
  }
  return [...incidents.values()];
}

/** The earliest way through all steps from a first one. */
function pathFrom(first: Sighting, rest: readonly (readonly Sighting[])[], within: number): readonly Sighting[] | undefined {
  const path = [first];
  let reached = first.time;
  for (const step of rest) {
    // What is spread over a time may have come at its end.
    const next = step.find(({ time, until }) => until >= reached - grain && time - first.time <= within);
    if (next === undefined) return undefined;
    reached = Math.max(reached, next.time);
    path.push(next);
  }
  return path;
}

/** Tells that there was no room for findings of a link: a chain may be missed, until the slot is over. One alert a cluster and sequence. */
export function crowdingOf({ sequence, link, merge }: Progress, item: StateItem, last: Finding): Finding[] {
  const lost = Object.entries(merge.sets).flatMap(([name, texts]) => {
    const kept = item.sets.get(name);
    const missing = texts.find((text) => kept?.has(text) !== true);
    return missing === undefined ? [] : [{ name, sighting: readSighting(missing) }];
  });
  return lost.map(({ name, sighting }) => {
    const { name: who } = entityOf(link);
    const { title, steps } = sequence.detection;
    const verdict = {
      entity: { kind: 'cluster', id: last.cluster, name: last.cluster } as const,
      about: 'more findings than are kept',
      severity: 'low' as const,
      summary: `More findings about ${shorten(who)} than sequences keep: "${title}" (${String(steps.length)} steps) may be missed there. Look at what else is told of it.`,
    };
    const evidence = [{ time: sighting.time, note: sighting.summary }];
    return findingOf(sequence, verdict, {
      scope: last,
      time: sighting.time,
      key: `${link} ${name}`,
      evidence,
      links: [],
      late: false,
    });
  });
}

/** What a link stands for: its first word is the kind. */
function entityOf(link: string): Entity {
  const [kind = '', ...rest] = link.split(' ');
  const name = rest.join(' ');
  return { kind: kind as Entity['kind'], id: name, name };
}

/** The alerts whose findings are steps of a chain. */
export function alertsIn({ sets }: StateItem): string[] {
  return [...sets.values()].flatMap((step) => [...step].map((sighting) => sighting.split(' ')[3] ?? ''));
}

interface Sighting {
  readonly time: number;
  readonly until: number;
  readonly summary: string;
}

/** Begins with its time, so that texts sort as what they tell of happened. */
function sightingText({ id, time, until = time, summary }: Member, fingerprint: string): string {
  return `${digits(time)} ${digits(until)} ${id} ${fingerprint} ${summary.slice(0, 300)}`.toWellFormed();
}

const digits = (time: number): string => String(time).padStart(13, '0');

function sightingsOf({ sets }: StateItem, step: number): Sighting[] {
  const texts = [...sets].flatMap(([name, some]) => (name.startsWith(`step ${String(step)}/`) ? [...some] : []));
  return texts.sort().map(readSighting);
}

function readSighting(sighting: string): Sighting {
  const [time = '', until = '', , , ...words] = sighting.split(' ');
  return { time: Number(time), until: Number(until), summary: words.join(' ') };
}

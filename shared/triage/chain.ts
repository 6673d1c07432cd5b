import { findingOf, type Registered } from '../detect/finding.ts';
import type { FindingGroup, Member } from '../detect/finding-group.ts';
import type { Sequence } from '../detect/kit.ts';
import type { Entity } from '../model/entity.ts';
import type { Finding } from '../model/finding.ts';
import { digest } from '../model/hash.ts';
import { minute } from '../model/time.ts';
import type { Merge, StateItem } from '../state/store.ts';

/**
 * Findings in order on one identity or pod. Each step of each link is a set of sightings that grows by union, so
 * findings may arrive late and in any order.
 */
export interface Progress {
  readonly sequence: Registered<Sequence>;
  readonly link: string;
  readonly merge: Merge;
}

const mostSightings = 50;
/** Flow logs tell the minute: what began in the minute of the step before may have followed it. */
const grain = minute;

/** The writes that findings of one fingerprint add to the sequences they are a step of. */
export function progressOf(
  sequences: readonly Registered<Sequence>[],
  { speaker, fingerprint }: FindingGroup,
  members: readonly Member[],
): Progress[] {
  const { detection, account, region, cluster } = speaker;
  return sequences.flatMap((sequence) => {
    const { id, steps, within } = sequence.detection;
    const met = steps.flatMap((detections, step) => (detections.includes(detection) ? [`step ${String(step)}`] : []));
    if (met.length === 0) return [];
    return [...sightingsByLink(fingerprint, members)].map(([link, seen]) => ({
      sequence,
      link,
      merge: {
        key: `chain:${id}:${digest(22, [account, region, cluster, link])}`,
        sets: Object.fromEntries(met.map((step) => [step, seen.map(({ text }) => text)])),
        expires: Math.max(...seen.map(({ time }) => time)) + 2 * within,
        cap: mostSightings,
      },
    }));
  });
}

/** When findings touched what they are linked with: each by itself, as the order decides. */
function sightingsByLink(
  fingerprint: string,
  members: readonly Member[],
): ReadonlyMap<string, readonly { readonly time: number; readonly text: string }[]> {
  const seen = members.flatMap(({ id, time, summary, links }) => {
    const text = `${String(time).padStart(13, '0')} ${id} ${fingerprint} ${summary.slice(0, 300)}`;
    return links.map((link) => ({ link, time, text }));
  });
  return Map.groupBy(seen, ({ link }) => link);
}

/** The incident once every step was seen in order and in time; absent before. */
export function incidentOf({ sequence, link }: Progress, item: StateItem, last: Finding): Finding | undefined {
  const { steps, within, summary } = sequence.detection;
  const sightings = steps.map((_, step) => [...(item.sets.get(`step ${String(step)}`) ?? [])].sort().map(readSighting));
  for (const first of sightings[0] ?? []) {
    const path = [first];
    for (const step of sightings.slice(1)) {
      const previous = path.at(-1) as Sighting;
      const next = step.find(({ time }) => time >= previous.time - grain && time - first.time <= within);
      if (next !== undefined) path.push(next);
    }
    if (path.length === steps.length) {
      const timeline = path.map(({ time, summary: what }) => ({ time, note: what }));
      const entity = entityOf(link);
      const verdict = { entity, summary: `${summary}: ${entity.name}.` };
      const key = `${link} ${String(Math.floor(first.time / within))}`;
      return findingOf(sequence, verdict, {
        scope: last,
        time: path.at(-1)?.time ?? last.time,
        key,
        evidence: timeline,
        links: [],
        late: last.late,
      });
    }
  }
  return undefined;
}

/** What a link stands for: its first word is the kind. */
function entityOf(link: string): Entity {
  const [kind = '', ...rest] = link.split(' ');
  const name = rest.join(' ');
  return { kind: kind as Entity['kind'], id: name, name };
}

/** The alerts whose findings are steps of a chain. */
export function alertsIn(item: StateItem): string[] {
  return [...item.sets.values()].flatMap((step) => [...step].map((sighting) => sighting.split(' ')[2] ?? ''));
}

interface Sighting {
  readonly time: number;
  readonly summary: string;
}

function readSighting(sighting: string): Sighting {
  const [time = '', , , ...words] = sighting.split(' ');
  return { time: Number(time), summary: words.join(' ') };
}

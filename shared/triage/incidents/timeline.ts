import { techniques } from '../../knowledge/attack.ts';
import { atLeast, type Finding, graver, type Severity } from '../../model/finding.ts';
import type { Sighting } from './sightings.ts';
import type { Watch } from './watch.ts';

/** What happened, as an incident shows it: the findings of one alert. */
export interface TimelineEntry {
  /** Event times, milliseconds since the epoch. */
  readonly time: number;
  readonly until?: number;
  readonly detection: string;
  readonly title: string;
  readonly severity: Severity;
  readonly tactics: readonly string[];
  readonly source: string;
  readonly summary: string;
  /** The fingerprint of the alert. */
  readonly alert: string;
}

const mostEntries = 50;
const longestSummary = 300;

/** Sightings as entries, one an alert, told in the alerts' own words as far as those are known. */
export function entriesOf(
  sightings: readonly Sighting[],
  alerts: ReadonlyMap<string, { readonly speaker: Pick<Finding, 'summary'> }>,
  { detections }: Watch,
): TimelineEntry[] {
  return sightings.map(({ time, until, severity, detection, alert, tactic }) => {
    const registered = detections.get(detection)?.detection;
    const title = registered?.title ?? detection;
    return {
      time,
      ...(until > time ? { until } : {}),
      detection,
      title,
      severity,
      tactics: [...new Set(registered?.attack.flatMap((id) => techniques[id]?.tactic ?? []) ?? [tactic])],
      source: registered === undefined || registered.shape === 'sequence' ? '' : registered.source,
      summary: (alerts.get(alert)?.speaker.summary ?? title).slice(0, longestSummary),
      alert,
    };
  });
}

/** The union of two timelines, oldest first. Of too many entries the mildest go, and of those the newest. */
export function mergeTimelines(known: readonly TimelineEntry[], more: readonly TimelineEntry[]): TimelineEntry[] {
  const merged = new Map<string, TimelineEntry>();
  for (const entry of [...known, ...more]) {
    const other = merged.get(entry.alert);
    merged.set(entry.alert, other === undefined ? entry : spanning(other, entry));
  }
  return gravestEntries([...merged.values()], mostEntries);
}

/** So many of a timeline, oldest first: the mildest are left out, and of those the newest. */
export function gravestEntries(timeline: readonly TimelineEntry[], most: number): TimelineEntry[] {
  const gravestFirst = [...timeline]
    .sort(byTime)
    .sort((a, b) => (a.severity === b.severity ? 0 : atLeast(a.severity, b.severity) ? -1 : 1));
  return gravestFirst.slice(0, most).sort(byTime);
}

function byTime(one: TimelineEntry, other: TimelineEntry): number {
  return one.time - other.time || (one.alert < other.alert ? -1 : 1);
}

function spanning(one: TimelineEntry, other: TimelineEntry): TimelineEntry {
  const time = Math.min(one.time, other.time);
  const until = Math.max(one.until ?? one.time, other.until ?? other.time);
  return { ...one, time, ...(until > time ? { until } : {}), severity: graver(one.severity, other.severity) };
}

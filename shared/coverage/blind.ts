import type { Scope } from '../model/base.ts';
import { type Gap, telemetrySources, type TelemetrySource } from '../model/coverage.ts';
import { digest, memberLength } from '../model/hash.ts';
import { number, object, parseJson, text, texts } from '../model/json.ts';
import { day, iso } from '../model/time.ts';
import type { StateDocument } from '../state/store.ts';

/*
 * Stretches of time in which something was not seen: one document each, made longer by every check that finds the gap still open.
 * Documents are joined by their names, and one that an older check writes never takes the place of a younger one's.
 */

/** A gap from when it opened until it closed, or until it was last found open. */
export interface BlindInterval extends Gap {
  /** Milliseconds since the epoch: the last check that found nothing amiss, which is the earliest it can have opened. */
  readonly from: number;
  readonly until: number;
  readonly open: boolean;
}

const kept = 35 * day;

/** Where the intervals of an account and Region stand. */
export function blindPartition({ account, region }: Pick<Scope, 'account' | 'region'>): string {
  return ['blind', account, region].join('\t');
}

/** An interval as it is kept. */
export function intervalDocument(scope: Pick<Scope, 'account' | 'region'>, interval: BlindInterval, generation: number): StateDocument {
  return {
    partition: blindPartition(scope),
    sort: `${digest(memberLength, [nameOf(interval)])} ${String(interval.from)}`,
    document: JSON.stringify(interval),
    expires: interval.until + kept,
    generation,
  };
}

/** The interval in a document; absent where it is none. */
export function intervalIn({ document }: StateDocument): BlindInterval | undefined {
  const raw = object(parseJson(document)) ?? {};
  const source = telemetrySources.find((one) => one === raw['source']);
  const [from, until] = [number(raw['from']), number(raw['until'])];
  if (source === undefined || from === undefined || until === undefined) return undefined;
  const words = (name: string): string => text(raw[name]) ?? '';
  return {
    ...{ id: words('id'), cluster: words('cluster'), source, subject: words('subject'), why: words('why'), explained: words('explained') },
    ...{ status: raw['status'] === 'unknown' ? ('unknown' as const) : ('blind' as const), fix: texts(raw['fix']) },
    ...{ from, until, open: raw['open'] === true },
  };
}

/** What a check makes of the intervals that are known. */
export interface Advanced {
  /** Those that it opened, and those that it closed. */
  readonly opened: readonly BlindInterval[];
  readonly closed: readonly BlindInterval[];
  /** All that are to be written: opened, longer, closed. */
  readonly changed: readonly BlindInterval[];
}

/**
 * The intervals after a check at a time. A gap that is new may have been open since the check before. One that is no longer found
 * is closed, unless what would tell could not be looked at: then it goes on.
 */
export function advance(known: readonly BlindInterval[], gaps: readonly Gap[], time: number, lastCheck: number): Advanced {
  const open = new Map(known.filter((interval) => interval.open).map((interval) => [nameOf(interval), interval]));
  const found = new Set<string>();
  const unknown = new Set(gaps.filter(({ status }) => status === 'unknown').map(({ cluster, source }) => `${cluster} ${source}`));
  const opened: BlindInterval[] = [];
  const closed: BlindInterval[] = [];
  const changed: BlindInterval[] = [];
  for (const gap of gaps) {
    const name = nameOf(gap);
    if (found.has(name)) continue;
    found.add(name);
    const before = open.get(name);
    const from = before?.from ?? Math.min(time, gap.since ?? lastCheck);
    const interval = { ...gap, from, until: Math.max(time, before?.until ?? 0), open: true };
    changed.push(interval);
    // What was explained and is so no longer has to be told after all.
    if (before === undefined || (before.explained !== '' && gap.explained === '')) opened.push(interval);
  }
  for (const [name, interval] of open) {
    if (found.has(name)) continue;
    const unsure =
      interval.status === 'blind' && (unknown.has(`${interval.cluster} ${interval.source}`) || unknown.has(` ${interval.source}`));
    const after = { ...interval, until: Math.max(time, interval.until), open: unsure };
    changed.push(after);
    if (!unsure) closed.push(after);
  }
  return { opened, closed, changed };
}

function nameOf({ id, cluster, source, subject }: Gap): string {
  return [cluster, source, id, subject].join('\t');
}

/** A stretch of time in which a source was not seen. */
export interface Blindness {
  readonly source: TelemetrySource;
  readonly from: number;
  readonly until: number;
  readonly why: string;
}

/** Stretches that are named with one alert. */
const mostNamed = 5;

/** Who was blind for what between two times, the longest first: each source once for each reason. */
export function blindnessBetween(intervals: readonly BlindInterval[], cluster: string, from: number, until: number): readonly Blindness[] {
  return intervals
    .filter(
      (one) =>
        one.status === 'blind' && (one.cluster === '' || one.cluster === cluster) && one.from <= until && (one.open || one.until >= from),
    )
    .map(({ source, why, ...one }) => ({ source, from: one.from, until: one.open ? Math.max(one.until, until) : one.until, why }))
    .sort((one, other) => other.until - other.from - (one.until - one.from) || (one.why < other.why ? -1 : 1))
    .slice(0, mostNamed);
}

/** A blindness in one line. */
export function blindText({ source, from, until, why }: Blindness): string {
  return `${source} from ${iso(from)} to ${iso(until)}: ${why}`;
}

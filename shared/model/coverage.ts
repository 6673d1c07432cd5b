import { type EventBase, type Scope } from './base.ts';
import { digest, identifierLength } from './hash.ts';
import { object, parseJson, text, texts } from './json.ts';
import type { LogRecord, Skip } from './record.ts';
import { dayOf } from './time.ts';

/** What may be missing: logs of a cluster, calls to AWS, or a part of this product. */
export const telemetrySources = ['audit', 'authenticator', 'flow', 'api', 'pipeline'] as const;

/** One of these. */
export type TelemetrySource = (typeof telemetrySources)[number];

/** Something that is not seen, or of which that cannot be told. */
export interface Gap {
  /** What kind of gap: `filter-missing`. */
  readonly id: string;
  /** The cluster; empty where it is about all. */
  readonly cluster: string;
  readonly source: TelemetrySource;
  readonly status: 'blind' | 'unknown';
  /** The thing that is missing or changed: a log group, a rule. */
  readonly subject: string;
  /** Half a sentence: what is the case and what follows. */
  readonly why: string;
  /** Commands that close it. */
  readonly fix: readonly string[];
  /** Why nobody need be told; empty where somebody must. */
  readonly explained: string;
  /** Since when, where that is known better than by the last check; milliseconds since the epoch. */
  readonly since?: number;
}

/** A gap that the coverage check found open, or closed again. */
export interface CoverageEvent extends EventBase {
  readonly source: 'coverage';
  readonly gap: Gap;
  /** When it opened at the earliest, milliseconds since the epoch. */
  readonly since: number;
  /** When it was found closed; absent while it is open. */
  readonly until?: number;
}

/** How a gap is written down: one line of JSON. */
export const gapKind = 'CoverageGap';

/** A line of the coverage check as an event. The same gap that opened at the same time is the same event, and its end another. */
export function normaliseCoverage(record: LogRecord, scope: Scope): CoverageEvent | Skip {
  const raw = object(parseJson(record.message)) ?? {};
  const id = text(raw['gap']);
  const source = telemetrySources.find((one) => one === raw['source']);
  const [time = NaN, since = NaN] = [raw['time'], raw['since']].map((moment) => Date.parse(text(moment) ?? ''));
  if (raw['kind'] !== gapKind || id === undefined || source === undefined || Number.isNaN(time) || Number.isNaN(since))
    return { skip: 'other-event' };
  const until = Date.parse(text(raw['until']) ?? '');
  const ended = !Number.isNaN(until);
  const cluster = text(raw['cluster']) ?? '';
  const subject = text(raw['subject']) ?? '';
  const gap: Gap = {
    ...{ id, cluster, source, subject, status: raw['status'] === 'unknown' ? 'unknown' : 'blind', why: text(raw['why']) ?? '' },
    ...{ fix: texts(raw['fix']), explained: text(raw['explained']) ?? '' },
  };
  return {
    source: 'coverage',
    key: digest(identifierLength, [id, cluster, source, subject, String(since), ...(ended ? ['ended'] : [])]),
    time,
    day: dayOf(time),
    scope: { account: text(raw['account']) ?? scope.account, region: text(raw['region']) ?? scope.region, cluster },
    late: false,
    gap,
    since,
    ...(ended ? { until } : {}),
  };
}

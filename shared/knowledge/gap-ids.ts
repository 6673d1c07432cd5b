import type { CoverageEvent } from '../model/coverage.ts';
import type { Entity } from '../model/entity.ts';
import type { Verdict } from '../detect/kit.ts';
import { iso } from '../model/time.ts';
import { shorten } from './shorten.ts';

/** Gaps by which the lines of a log, or calls to AWS, do not arrive as they should. Source: shared/coverage. */
export const telemetryGaps = [
  ...['audit-log-off', 'authenticator-log-off', 'log-group-missing', 'filter-missing', 'filter-changed', 'invoke-denied'],
  ...['flow-log-missing', 'flow-log-failing', 'flow-log-format', 'flow-log-fields', 'flow-log-partial'],
  ...['no-trail', 'trail-stopped', 'trail-no-writes'],
] as const;

/** Gaps by which a part of this product is missing, off or another than was deployed. */
export const ownGaps = [
  ...['function-missing', 'function-idle', 'function-changed', 'mapping-missing', 'mapping-off', 'rule-missing', 'rule-off'],
  ...[
    'schedule-missing',
    'schedule-off',
    'table-missing',
    'table-off',
    'topic-missing',
    'topic-unheard',
    'alarms-missing',
    'alarms-silenced',
  ],
] as const;

/** Whether a person must hear of a gap: some explain themselves. */
export function mustBeTold({ gap }: CoverageEvent): boolean {
  return gap.explained === '';
}

/** What to say of a gap, and of its end: one alert for each cluster and gap. */
export function gapVerdict({ gap, since, until, time }: CoverageEvent): Verdict {
  const { id, cluster, source, subject, why } = gap;
  const what = shorten(why, 600);
  const when = since < time ? `since ${iso(since)} at the earliest` : `since ${iso(time)} or before`;
  return {
    entity: entityOf(gap),
    about: `${id} ${subject}`,
    summary:
      until === undefined
        ? `${sentence(what)}, ${when}.`
        : `This is over: ${what}. It was so from ${iso(since)} to ${iso(until)}, at most.`,
    baseline: { cluster: cluster || 'all', source },
    ...(until === undefined ? {} : { over: true }),
  };
}

function entityOf({ cluster, source }: CoverageEvent['gap']): Entity {
  const name = source === 'pipeline' ? 'Plimsoll itself' : `${source} log${cluster === '' ? '' : ` of ${cluster}`}`;
  return { kind: 'log-source', id: `${cluster}/${source}`, name };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

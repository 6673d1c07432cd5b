import type { Evidence, Finding } from '../model/finding.ts';
import { iso } from '../model/time.ts';
import type { Alert } from '../triage/alert.ts';
import type { TimelineEntry } from '../triage/incidents/timeline.ts';
import { printableJson } from './escape.ts';
import { normalText } from './normal.ts';
import { responseTo } from './response/response.ts';
import { gist } from './words.ts';

/** Evidence in one line of output. */
const mostEvidence = 20;

/**
 * An alert as one line of JSON. The names are a contract with whoever reads the output: fields may be added, never
 * renamed or removed.
 */
export function alertJson(alert: Alert): string {
  return printableJson(alertFields(alert));
}

/** The fields of an alert, by the names that are published. */
export function alertFields(alert: Alert): Readonly<Record<string, unknown>> {
  const { id, state, count, firstSeen, lastSeen, severity, speaker: finding, closings, incident, timeline, blind = [] } = alert;
  return {
    id,
    detection: finding.detection,
    title: finding.title,
    headline: gist(finding),
    severity,
    confidence: finding.confidence,
    time: iso(finding.time),
    firstSeen: iso(firstSeen),
    lastSeen: iso(lastSeen),
    cluster: finding.cluster,
    account: finding.account,
    region: finding.region,
    entity: { kind: finding.entity.kind, name: finding.entity.name },
    ...(finding.who === undefined ? {} : { who: finding.who }),
    ...(finding.where === undefined ? {} : { where: finding.where }),
    attack: finding.attack,
    summary: finding.summary,
    count,
    fingerprint: finding.fingerprint,
    state,
    ...(closings === undefined ? {} : { closings: closings.map(({ at, ...rest }) => ({ ...rest, at: iso(at) })) }),
    ...(incident === undefined ? {} : { incident }),
    ...(timeline === undefined ? {} : { timeline: timeline.map(momentJson) }),
    evidence: newestOf(finding.evidence).map(evidenceJson),
    ...(finding.baseline === undefined ? {} : { baseline: finding.baseline, normal: normalText(finding.baseline) }),
    next: finding.next,
    ...responseTo(alert),
    // When telemetry was missing, as far as that was known when the alert was told.
    blind: blind.map(({ source, from, until, why }) => ({ source, from: iso(from), until: iso(until), why })),
  };
}

/** A finding in the same form: an alert that was seen once. */
export function findingJson(finding: Finding): string {
  const { id, severity, time } = finding;
  return alertJson({ id, state: 'open', count: 1, firstSeen: time, lastSeen: time, severity, speaker: finding, ids: [id], groups: [] });
}

/** A step of an incident; `alert` is the fingerprint of the alert that tells more of it. */
function momentJson({ time, until, ...step }: TimelineEntry): Record<string, unknown> {
  return { time: iso(time), ...(until === undefined ? {} : { until: iso(until) }), ...step };
}

/** The newest, oldest of them first. */
function newestOf(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...evidence].sort((a, b) => a.time - b.time).slice(-mostEvidence);
}

function evidenceJson({ eventId, record, time, note }: Evidence): Record<string, string> {
  return { ...(eventId === undefined ? {} : { eventId }), ...(record === undefined ? {} : { record }), time: iso(time), note };
}

import type { Evidence, Finding } from '../model/finding.ts';
import { iso } from '../model/time.ts';
import type { Alert, Closing } from '../triage/alert.ts';
import { printableJson } from './escape.ts';

/** Evidence in one line of output. */
const mostEvidence = 20;

/**
 * An alert as one line of JSON. The names are a contract with whoever reads the output: fields may be added, never
 * renamed or removed.
 */
export function alertJson({ id, state, count, firstSeen, lastSeen, severity, speaker, closings, blind }: Alert): string {
  return line({ finding: speaker, id, severity, count, firstSeen, lastSeen, state, closings, blind });
}

/** A finding in the same form: an alert that was seen once. */
export function findingJson(finding: Finding): string {
  const { id, severity, time } = finding;
  return line({ finding, id, severity, count: 1, firstSeen: time, lastSeen: time, state: 'open' });
}

interface Telling {
  readonly finding: Finding;
  readonly id: string;
  readonly severity: string;
  readonly count: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly state: string;
  readonly closings?: readonly Closing[] | undefined;
  readonly blind?: Alert['blind'];
}

function line({ finding, id, severity, count, firstSeen, lastSeen, state, closings, blind = [] }: Telling): string {
  return printableJson({
    id,
    detection: finding.detection,
    title: finding.title,
    severity,
    confidence: finding.confidence,
    time: iso(finding.time),
    firstSeen: iso(firstSeen),
    lastSeen: iso(lastSeen),
    cluster: finding.cluster,
    account: finding.account,
    region: finding.region,
    entity: { kind: finding.entity.kind, name: finding.entity.name },
    attack: finding.attack,
    summary: finding.summary,
    count,
    fingerprint: finding.fingerprint,
    state,
    ...(closings === undefined ? {} : { closings: closings.map(({ at, ...rest }) => ({ ...rest, at: iso(at) })) }),
    evidence: newestOf(finding.evidence).map(evidenceJson),
    ...(finding.baseline === undefined ? {} : { baseline: finding.baseline }),
    // When telemetry was missing, as far as that was known when the alert was told.
    blind: blind.map(({ source, from, until, why }) => ({ source, from: iso(from), until: iso(until), why })),
  });
}

/** The newest, oldest of them first. */
function newestOf(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...evidence].sort((a, b) => a.time - b.time).slice(-mostEvidence);
}

function evidenceJson({ eventId, record, time, note }: Evidence): Record<string, string> {
  return { ...(eventId === undefined ? {} : { eventId }), ...(record === undefined ? {} : { record }), time: iso(time), note };
}

import { owned } from '../model/writing.ts';
import type { Event } from '../model/event.ts';
import type { Scope } from '../model/base.ts';
import type { Evidence, Finding, Where, Who } from '../model/finding.ts';
import { digest, identifierLength } from '../model/hash.ts';
import type { Declaration, Verdict } from './kit.ts';

/** A detection and the strategy whose folder it stands in. */
export interface Registered<D extends Declaration = Declaration> {
  readonly strategy: string;
  readonly detection: D;
}

/** Where and when a verdict was reached, and what it rests on. */
export interface Circumstance {
  readonly scope: Scope;
  readonly time: number;
  readonly until?: number;
  /** The shape's key: request key, window stretch or bucket. */
  readonly key: string;
  readonly evidence: readonly Evidence[];
  readonly links: readonly string[];
  /** As `scene.ts` reads them from events. */
  readonly who?: Who | undefined;
  readonly where?: Where | undefined;
  /** Authors, as {@link authorOf} names them. */
  readonly by?: readonly (string | undefined)[];
  readonly late: boolean;
}

/** Characters of a summary: names in it are the sender's. */
const longestSummary = 2_000;

/** The finding of a verdict. Its id rests on detection, subject and the shape's key alone. */
export function findingOf({ strategy, detection }: Registered, verdict: Verdict, at: Circumstance): Finding {
  const place = [at.scope.account, at.scope.region, at.scope.cluster];
  const subject = [detection.id, verdict.entity.kind, verdict.entity.id, verdict.about ?? ''];
  return {
    id: digest(identifierLength, [...place, ...subject, at.key]),
    fingerprint: digest(identifierLength, [...place, ...subject]),
    detection: detection.id,
    strategy,
    ...(detection.source === undefined ? {} : { source: detection.source }),
    title: detection.title,
    severity: verdict.severity ?? detection.severity,
    confidence: verdict.confidence ?? detection.confidence,
    time: at.time,
    ...(at.until === undefined ? {} : { until: at.until }),
    // Field by field: a scope may be a finding, whose other fields must not come along.
    cluster: at.scope.cluster,
    account: at.scope.account,
    region: at.scope.region,
    entity: verdict.entity,
    ...(at.who === undefined ? {} : { who: at.who }),
    ...(at.where === undefined ? {} : { where: at.where }),
    attack: detection.attack,
    summary: verdict.summary.length <= longestSummary ? verdict.summary : `${verdict.summary.slice(0, longestSummary)}…`,
    evidence: at.evidence,
    ...(verdict.baseline === undefined ? {} : { baseline: verdict.baseline }),
    next: detection.next,
    late: at.late,
    ...(verdict.over === undefined ? {} : { over: verdict.over }),
    links: at.links,
    ...(at.by === undefined ? {} : { by: [...new Set(at.by.filter((author) => author !== undefined))].slice(0, mostAuthors) }),
  };
}

/** Authors named with one finding. */
const mostAuthors = 20;

/** Characters of a note: a URI alone may be a megabyte long. */
const longestNote = 1_000;

/** The record of an event that a person can look up. */
export function evidenceOf(event: Event): Evidence {
  const evidence = describe(event);
  return evidence.note.length <= longestNote ? evidence : { ...evidence, note: `${evidence.note.slice(0, longestNote)}…` };
}

function describe(event: Event): Evidence {
  switch (event.source) {
    case 'audit':
      return {
        time: event.time,
        eventId: owned(event.auditId),
        note: `${event.actor.name} from ${event.origin.address || 'an unknown address'}: ${event.verb} ${event.uri}`,
      };
    case 'authenticator':
      return {
        time: event.time,
        eventId: event.recordId,
        note: `${event.arn || 'an unknown principal'}: access ${event.outcome}${event.error && `: ${event.error}`}`,
      };
    case 'api':
      return {
        time: event.time,
        eventId: event.eventId,
        note: `${event.actor.name} from ${event.origin.address}: ${event.service}:${event.action}${event.error && ` (${event.error})`}`,
      };
    case 'flow':
      return {
        time: event.time,
        record: event.record,
        note: `${event.initiator.address} to ${event.responder.address} port ${String(event.port)}: ${event.accepted ? 'accepted' : 'rejected'}, ${String(event.bytes)} bytes in ${String(event.lines)} records`,
      };
    case 'intake':
      return { time: event.time, eventId: event.recordId, note: event.note };
    case 'signal':
      return { time: event.time, eventId: event.id, note: `${event.system}: ${event.type}: ${event.title}` };
    case 'coverage':
      return { time: event.time, note: [event.gap.why, ...event.gap.fix].join('; ') };
  }
}

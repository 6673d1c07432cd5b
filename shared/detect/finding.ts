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

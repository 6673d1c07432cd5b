import type { Evidence, Finding } from '../model/finding.ts';
import { atLeast } from '../model/finding.ts';
import { digest, identifierLength } from '../model/hash.ts';

/**
 * The findings of one payload with one fingerprint, stored as one item: a storm costs one write per payload, not one
 * per finding. Its key is the hash of the finding ids in it, so a redelivered payload writes the same item again.
 */
export interface FindingGroup {
  readonly fingerprint: string;
  readonly key: string;
  /** Ids of all findings in it, sorted: the union of these counts an alert exactly. */
  readonly ids: readonly string[];
  readonly first: number;
  readonly last: number;
  /** The gravest finding speaks for the group, the newest of several, with the evidence of all. */
  readonly speaker: Finding;
  /** What the findings' events would have taught, each once: waits until a person or time says they were benign. */
  readonly withheld: readonly string[];
  /** Observations beyond {@link mostWithheld}: they cannot be released. */
  readonly notKept?: number;
  /** Where there are several findings, each by itself: sequences ask which came before what. Of very many, the first and the last. */
  readonly members?: readonly Member[];
}

/** A finding of a group as sequences see it. */
export type Member = Pick<Finding, 'id' | 'time' | 'until' | 'summary' | 'links'>;

/** Where findings are recorded. Recording a group that is there already changes nothing. */
export interface FindingStore {
  record(groups: readonly FindingGroup[]): Promise<void>;
}

const mostEvidence = 20;
/** Observations kept with a group. */
export const mostWithheld = 150;
/** Members kept at either end of a group. */
export const mostMembers = 10;

/** Characters of a member's summary: all that a timeline shows. */
const longestSummary = 300;

/** Which of two findings speaks: the graver; of equals, the later; of those, the one whose id is greater. */
export function louder(one: Finding, other: Finding): Finding {
  if (one.severity !== other.severity) return atLeast(one.severity, other.severity) ? one : other;
  if (one.time !== other.time) return one.time > other.time ? one : other;
  return one.id > other.id ? one : other;
}

/** The newest evidence, each piece once, oldest first: the same whatever came first. */
export function newestEvidence(all: readonly Evidence[]): Evidence[] {
  const newest: Evidence[] = [];
  for (const each of [...all].sort((one, other) => byAge(other, one))) {
    const [latest] = newest;
    if (latest !== undefined && byAge(latest, each) === 0) continue;
    if (newest.length === mostEvidence) break;
    newest.unshift(each);
  }
  return newest;
}

function byAge(one: Evidence, other: Evidence): number {
  return one.time - other.time || compared(recordOf(one), recordOf(other)) || compared(one.note, other.note);
}

function recordOf({ eventId, record = '' }: Evidence): string {
  return eventId ?? record;
}

function compared(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

/** Groups the findings of a payload. */
export function groupFindings(findings: readonly Finding[], withheld: ReadonlyMap<Finding, readonly string[]>): FindingGroup[] {
  const byFingerprint = Map.groupBy(findings, ({ fingerprint }) => fingerprint);
  return [...byFingerprint].map(([fingerprint, members]) => {
    const inOrder = [...members].sort((a, b) => a.time - b.time || a.id.localeCompare(b.id));
    const ids = members.map(({ id }) => id).sort();
    const speaker = inOrder.reduce(louder);
    const by = new Set(inOrder.flatMap((finding) => finding.by ?? []));
    const waiting = [...new Set(inOrder.flatMap((finding) => withheld.get(finding) ?? []))];
    return {
      fingerprint,
      key: digest(identifierLength, ids),
      ids,
      first: Math.min(...inOrder.flatMap(momentsOf)),
      last: Math.max(...inOrder.flatMap(momentsOf)),
      speaker: {
        ...speaker,
        evidence: newestEvidence(inOrder.flatMap(({ evidence }) => evidence)),
        links: [...new Set(inOrder.flatMap(({ links }) => links))].slice(-mostEvidence),
        ...(by.size === 0 ? {} : { by: [...by].slice(0, mostEvidence) }),
      },
      withheld: waiting.slice(0, mostWithheld),
      ...(waiting.length <= mostWithheld ? {} : { notKept: waiting.length - mostWithheld }),
      ...(inOrder.length === 1 ? {} : { members: endsOf(inOrder).map(memberOf) }),
    };
  });
}

/** The findings of a group, each by itself. */
export function membersOf({ speaker, members }: FindingGroup): readonly Member[] {
  return members ?? [speaker];
}

/** People ask when the records were: of a stretch of time, the ones in hand tell. */
function momentsOf({ time, until, evidence }: Finding): readonly number[] {
  return until === undefined || evidence.length === 0 ? [time] : evidence.map((each) => each.time);
}

function endsOf(inOrder: readonly Finding[]): readonly Finding[] {
  return inOrder.length <= 2 * mostMembers ? inOrder : [...inOrder.slice(0, mostMembers), ...inOrder.slice(-mostMembers)];
}

function memberOf({ id, time, until, summary, links }: Finding): Member {
  return { id, time, ...(until === undefined ? {} : { until }), summary: summary.slice(0, longestSummary), links };
}

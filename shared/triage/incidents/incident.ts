import { isDeepStrictEqual } from 'node:util';
import { findingOf } from '../../detect/finding.ts';
import type { FindingGroup } from '../../detect/finding-group.ts';
import { type Scene, sceneOfEntity } from '../../detect/scene.ts';
import { linkedEntity, linkKinds, spaceOf } from '../../detect/links.ts';
import type { Scope } from '../../model/base.ts';
import type { Entity } from '../../model/entity.ts';
import type { Finding } from '../../model/finding.ts';
import { graver } from '../../model/finding.ts';
import { digest, identifierLength } from '../../model/hash.ts';
import { type Alert, fold } from '../alert.ts';
import type { Silence } from '../suppression.ts';
import type { Chain } from './chain.ts';
import { mergeTimelines, type TimelineEntry } from './timeline.ts';

/** One of the sequences that an incident completes. */
export type Reason = NonNullable<Alert['reasons']>[number];

/** What a case adds to its incident. */
export interface Addition {
  /** Sequences that were completed, as findings; absent where only the timeline grows. */
  readonly group: FindingGroup | undefined;
  readonly findings: readonly Finding[];
  readonly timeline: readonly TimelineEntry[];
  /** Short names of those whose deeds it rests on. */
  readonly by: readonly string[];
}

/** What people decided about a finding. */
export type Silencing = (finding: Finding) => Silence | undefined;

/** A place in the web of incidents: the id of one, and its link. */
export interface Knot {
  readonly id: string;
  readonly link: string;
}

/** The incident on a link: one for all sequences, and for ever. */
export function knotOf(link: string, scope: Scope): Knot {
  const actor = withoutNumbers(link);
  return { id: digest(identifierLength, ['incident', ...spaceOf(actor, scope), actor]), link: actor };
}

/** Every job of a pipeline has a session of its own, told from the others by a number: what the next one does again is no other incident. */
function withoutNumbers(link: string): string {
  const [, role, session] = /^(identity arn:[^ ]*:role\/[^/]+\/)(.*)$/s.exec(link) ?? [];
  return role === undefined || session === undefined ? link : role + session.replace(/(?<![0-9a-z])\d{4,}(?![0-9a-z])/gi, '#');
}

/** Of incidents that hang together, the one that is told: who acted, before what was acted on. */
export function rootOf(knots: readonly Knot[]): Knot | undefined {
  const rank = ({ link }: Knot): number => linkKinds.indexOf(linkedEntity(link).link);
  return knots.toSorted((a, b) => rank(a) - rank(b) || compare(a.link, b.link) || compare(a.id, b.id))[0];
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Whom or what a link stands for. People know what is in a cluster without its name, which stands beside it. */
function entityOf(link: string, { cluster, who }: Pick<Finding, 'cluster' | 'who'>): Entity {
  const { kind, id } = linkedEntity(link);
  if (kind === 'identity') return { kind, id, name: who?.principal !== undefined && id.startsWith(who.principal) ? who.name : id };
  return { kind, id, name: id.startsWith(`${cluster}/`) ? id.slice(cluster.length + 1) : id };
}

/** Completed chains of a link as findings of its incident. */
export function findingsOf(chains: readonly Chain[], { id, link }: Knot, scope: Finding, summaryOf: (alert: string) => string): Finding[] {
  const entity = entityOf(link, scope);
  return chains.map(({ registered, severity, key, path }) => {
    const { detection } = registered;
    const verdict = { entity, severity, summary: `${detection.summary}: ${entity.name}.` };
    const times = path.map((each) => each.time);
    const last = Math.max(...times);
    // Many tactics say less than steps in order: dated to their first, they leave the word to a sequence that is as grave.
    const time = detection.tactics === undefined ? last : Math.min(...times);
    const evidence = path.map((each) => ({ time: each.time, note: summaryOf(each.alert) }));
    const finding = findingOf(registered, verdict, {
      scope,
      time,
      ...(time < last ? { until: last } : {}),
      key,
      evidence,
      links: [],
      ...sceneAround(entity, scope),
      late: scope.late,
    });
    return { ...finding, fingerprint: id, id: digest(identifierLength, [id, detection.id, key]) };
  });
}

/** An incident with what a case adds; the very same where that is nothing. */
export function withMore(alert: Alert | undefined, { id }: Knot, { group, findings, timeline, by }: Addition, silenceOf: Silencing): Alert {
  if (group !== undefined) return enriched(alert, fold(alert, group, silenceOf(group.speaker)), timeline, by, reasonsOf(findings));
  if (alert === undefined) throw new Error(`no findings make the incident ${id}`);
  return enriched(alert, alert, timeline, by, []);
}

/** The sequences that findings tell of. */
function reasonsOf(findings: readonly Finding[]): Reason[] {
  return findings.map(({ detection, title, severity, time, summary }) => ({ detection, title, severity, time, summary }));
}

/** An incident that takes in another, whose findings it tells of from now on. */
export function absorbing(alert: Alert | undefined, root: Knot, part: Alert, silenceOf: Silencing): Alert {
  const entity = entityOf(root.link, part.speaker);
  const group: FindingGroup = {
    fingerprint: root.id,
    key: digest(identifierLength, [part.id, ...part.ids.toSorted()]),
    ids: part.ids,
    first: part.firstSeen,
    last: part.lastSeen,
    speaker: { ...part.speaker, fingerprint: root.id, entity },
    withheld: [],
  };
  return enriched(alert, fold(alert, group, silenceOf(group.speaker)), part.timeline ?? [], part.by ?? [], part.reasons ?? []);
}

/** The alert of an incident that another one tells of; what it was where nothing changes. */
export function joinedTo(before: Alert | undefined, { telling, ...alert }: Alert, root: string): Alert {
  // An order to tell of it by itself that still waits is withdrawn.
  const carriedOut = telling?.number === alert.told?.number ? telling : alert.told;
  return unless(before, {
    ...alert,
    ...(carriedOut && { telling: carriedOut }),
    state: 'joined',
    incident: { id: root, parts: partsOf(alert) },
  });
}

/** What was before, where it says the same. */
function unless(before: Alert | undefined, after: Alert): Alert {
  return before !== undefined && isDeepStrictEqual(before, after) ? before : after;
}

/** Whom or what the incident is about, and beside it what its latest finding tells. */
function sceneAround(entity: Entity, { who, where }: Finding): Scene {
  const own = sceneOfEntity(entity);
  const scene = { who: own.who ?? who, where: own.where ?? where };
  return { ...(scene.who && { who: scene.who }), ...(scene.where && { where: scene.where }) };
}

const mostReasons = 20;
const mostAuthors = 50;

function enriched(
  before: Alert | undefined,
  folded: Alert,
  timeline: readonly TimelineEntry[],
  by: readonly string[],
  reasons: readonly Reason[],
): Alert {
  const merged = mergeTimelines(before?.timeline ?? [], timeline);
  const why = mergeReasons(before?.reasons ?? [], reasons);
  const authors = [...new Set([...(before?.by ?? []), ...by])].sort().slice(0, mostAuthors);
  const evidence = [...new Map(folded.speaker.evidence.map((each) => [`${String(each.time)} ${each.note}`, each])).values()];
  const speaker = { ...folded.speaker, evidence, summary: summaryOf(folded.speaker, why) };
  const alert = { ...folded, speaker, timeline: merged, reasons: why, ...(authors.length === 0 ? {} : { by: authors }) };
  return unless(before, folded.state === 'joined' ? alert : { ...alert, incident: { id: alert.id, parts: partsOf(alert) } });
}

/** Of each sequence, what was said first. */
function mergeReasons(known: readonly Reason[], more: readonly Reason[]): Reason[] {
  const merged = new Map<string, Reason>();
  for (const reason of [...known, ...more]) {
    const other = merged.get(reason.detection);
    if (other === undefined) merged.set(reason.detection, reason);
    else {
      const first = other.time < reason.time || (other.time === reason.time && other.summary <= reason.summary) ? other : reason;
      merged.set(reason.detection, { ...first, severity: graver(other.severity, reason.severity) });
    }
  }
  return [...merged.values()].sort((a, b) => a.time - b.time || compare(a.detection, b.detection)).slice(0, mostReasons);
}

/** What the gravest sequence says, and which others were completed. */
function summaryOf({ detection, summary }: Finding, reasons: readonly Reason[]): string {
  const own = reasons.find((reason) => reason.detection === detection);
  const others = reasons.filter((reason) => reason.detection !== detection).map(({ title }) => title);
  return `${own?.summary ?? summary}${others.length === 0 ? '' : ` Also: ${others.join('; ')}.`}`;
}

/** How many alerts an incident is made of. */
function partsOf({ timeline = [] }: Alert): number {
  return new Set(timeline.map(({ alert }) => alert)).size;
}

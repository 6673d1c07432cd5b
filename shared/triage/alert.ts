import type { Blindness } from '../coverage/blind.ts';
import { atLeast, type Finding, graver, type Severity } from '../model/finding.ts';
import { day } from '../model/time.ts';
import { type FindingGroup, louder } from '../detect/finding-group.ts';

/** Where an alert stands. `suppressed` and `closed` alerts are counted and kept, and nobody is told. */
export type AlertState = 'open' | 'suppressed' | 'closed';

/** A person's verdict on an alert. */
export interface Closing {
  readonly verdict: 'benign' | 'malicious';
  readonly who: string;
  readonly why: string;
  /** Milliseconds since the epoch: findings of later events open the alert again. */
  readonly at: number;
}

/** Findings with one fingerprint: what a person is told of. */
export interface Alert {
  /** The fingerprint: the same alert keeps its id for ever. */
  readonly id: string;
  readonly state: AlertState;
  /** Why nobody is told: who said so, the reason, until when. */
  readonly silencedBy?: string;
  /** Findings, each once. */
  readonly count: number;
  /** Event times, milliseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly severity: Severity;
  /** The gravest finding speaks for all, the newest of several, with evidence of others. */
  readonly speaker: Finding;
  /** Finding ids counted so far, up to {@link mostIds}; beyond, groups are counted by their keys. */
  readonly ids: readonly string[];
  readonly groups: readonly string[];
  /** Short names of those whose deeds it rests on, as memories know who taught them. */
  readonly by?: readonly string[];
  /** Observations that quarantine had no room for, repetitions included: closing the alert as benign cannot release them. */
  readonly notKept?: number;
  /** What people decided about it, newest last; the last one holds while the state is `closed`. */
  readonly closings?: readonly Closing[];
  /** What was not seen while it lasted, looked up when it is told and not kept. */
  readonly blind?: readonly Blindness[];
  /** What was last told, if anything. */
  readonly told?: { readonly count: number; readonly severity: Severity; readonly lastSeen: number };
}

/** Where alerts are kept. */
export interface AlertStore {
  /** The alert as it stands; absent where there is none. */
  get(id: string): Promise<Alert | undefined>;
  /**
   * Reads an alert, applies a change and stores the outcome unless somebody else changed it in between, in which case
   * it starts over. A change that returns its argument stores nothing.
   */
  update(id: string, change: (alert: Alert | undefined) => Alert): Promise<Alert>;
}

const mostIds = 2_000;
const mostGroups = 500;
const mostEvidence = 20;
const mostAuthors = 50;
const mostClosings = 10;

/** An alert with a group of findings folded in. Folding a group again changes nothing. */
export function fold(alert: Alert | undefined, group: FindingGroup, silencedBy: string | undefined, notKept = 0): Alert {
  // A suppression ends: where the alert stands is the newest finding's to say, whichever comes last.
  const why = alert !== undefined && group.last < alert.lastSeen ? alert.silencedBy : silencedBy;
  const known = new Set(alert?.ids);
  const fresh = group.ids.filter((id) => !known.has(id));
  const counted = alert !== undefined && (fresh.length === 0 || alert.groups.includes(group.key));
  const state = stateAfter(alert, group, why, counted);
  const silence = state !== 'suppressed' || why === undefined ? {} : { silencedBy: why };
  if (counted && alert.state === state) return alert;

  const kept = [...(alert?.ids ?? []), ...fresh].slice(0, mostIds);
  const beyond = (alert?.ids.length ?? 0) + fresh.length > mostIds;
  const speaker = alert === undefined ? group.speaker : louder(alert.speaker, group.speaker);
  const evidence = [...(alert?.speaker.evidence ?? []), ...(counted ? [] : group.speaker.evidence)].sort((a, b) => a.time - b.time);
  const by = [...new Set([...(alert?.by ?? []), ...(group.speaker.by ?? [])])].slice(0, mostAuthors);
  const unkept = (alert?.notKept ?? 0) + (counted ? 0 : notKept);
  return {
    id: group.fingerprint,
    state,
    ...silence,
    count: (alert?.count ?? 0) + (counted ? 0 : fresh.length),
    firstSeen: Math.min(alert?.firstSeen ?? Infinity, group.first),
    lastSeen: Math.max(alert?.lastSeen ?? 0, group.last),
    severity: graver(alert?.severity ?? 'low', group.speaker.severity),
    speaker: { ...speaker, evidence: evidence.slice(-mostEvidence) },
    ids: kept,
    groups: beyond ? [...(alert?.groups ?? []), group.key].slice(-mostGroups) : (alert?.groups ?? []),
    ...(by.length === 0 ? {} : { by }),
    ...(unkept === 0 ? {} : { notKept: unkept }),
    ...(alert?.closings === undefined ? {} : { closings: alert.closings }),
    ...(alert?.told === undefined ? {} : { told: alert.told }),
  };
}

/** A closed alert stays closed for what happened before its closing and is no graver: that it was closed in knowledge of. */
function stateAfter(alert: Alert | undefined, group: FindingGroup, silencedBy: string | undefined, counted: boolean): AlertState {
  const closing = alert && closingOf(alert);
  if (closing !== undefined && (counted || (group.last <= closing.at && atLeast(alert?.severity ?? 'low', group.speaker.severity))))
    return 'closed';
  return silencedBy === undefined ? 'open' : 'suppressed';
}

/** The decision that holds for an alert. */
export function closingOf({ state, closings }: Alert): Closing | undefined {
  return state === 'closed' ? closings?.at(-1) : undefined;
}

/** The alert once a person decided. The same verdict on an alert that is closed so changes nothing. */
export function closed(alert: Alert, closing: Closing): Alert {
  if (closingOf(alert)?.verdict === closing.verdict) return alert;
  return { ...alert, state: 'closed', closings: [...(alert.closings ?? []), closing].slice(-mostClosings) };
}

/** Why a person should hear of an alert now; nothing if what they know is enough. */
export function reasonToTell({ state, told, count, severity, lastSeen, closings }: Alert): string | undefined {
  if (state !== 'open') return undefined;
  if (told === undefined) return 'first seen';
  if (!atLeast(told.severity, severity)) return `graver: was ${told.severity}`;
  const closing = closings?.at(-1);
  if (closing !== undefined && told.lastSeen <= closing.at && lastSeen > closing.at)
    return `again, after ${closing.who} closed it as ${closing.verdict}`;
  const milestone = [1_000, 100, 10].find((bar) => count >= bar && told.count < bar);
  if (milestone !== undefined) return `seen ${String(milestone)} times`;
  return lastSeen - told.lastSeen > day ? 'seen again after a day' : undefined;
}

/** The alert once a person was told what it says. */
export function markTold(alert: Alert, what: Alert): Alert {
  return { ...alert, told: { count: what.count, severity: what.severity, lastSeen: what.lastSeen } };
}

import type { Blindness } from '../coverage/blind.ts';
import { atLeast, type Finding, graver, type Severity } from '../model/finding.ts';
import { day } from '../model/time.ts';
import type { TimelineEntry } from './incidents/timeline.ts';
import { type FindingGroup, louder, newestEvidence } from '../detect/finding-group.ts';
import { counted as countedSilenced, type Silenced } from './silenced.ts';
import { holdsFor, type Silence } from './suppression.ts';

/**
 * Where an alert stands. `suppressed`, `staged` and `closed` alerts are counted and kept, and nobody is told. `joined` is an incident
 * that another one tells of.
 */
export type AlertState = 'open' | 'suppressed' | 'staged' | 'closed' | 'joined';

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
  /** The decision behind that. */
  readonly silence?: Silence;
  /** How many of the findings each decision silenced; the others were told or grouped. */
  readonly silenced?: readonly Silenced[];
  /** Findings, each once. */
  readonly count: number;
  /** Event times, milliseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly severity: Severity;
  /** The gravest finding speaks for all, the newest of several, with evidence of others. */
  readonly speaker: Finding;
  /** Finding ids counted so far, up to {@link mostIds}. */
  readonly ids: readonly string[];
  /** Beyond these, findings are counted by the keys of their groups, of which the newest {@link mostGroups} are known. */
  readonly groups: readonly string[];
  /** Short names of those whose deeds it rests on, as memories know who taught them. */
  readonly by?: readonly string[];
  /** Observations that quarantine had no room for, repetitions included: closing the alert as benign cannot release them. */
  readonly notKept?: number;
  /** What people decided about it, newest last; the last one holds while the state is `closed`. */
  readonly closings?: readonly Closing[];
  /** What was not seen while it lasted, looked up when it is told and not kept. */
  readonly blind?: readonly Blindness[];
  /** The incident that it belongs to, or is, and how many alerts that has. */
  readonly incident?: { readonly id: string; readonly parts: number };
  /** Of an incident: what happened, oldest first. */
  readonly timeline?: readonly TimelineEntry[];
  /** Of an incident: the sequences that were completed, in order of time. */
  readonly reasons?: readonly Pick<Finding, 'detection' | 'title' | 'severity' | 'time' | 'summary'>[];
  /** The newest order to tell people. */
  readonly telling?: Telling;
  /** The newest order that was carried out. */
  readonly told?: Telling;
}

/** An order to tell people of an alert, stored with it: the alert's stream carries it to whoever tells. */
export interface Telling {
  /** Counts from 1. With the alert's id it names a message: one that comes again bears the same. */
  readonly number: number;
  readonly reason: string;
  /** What the alert said then. */
  readonly count: number;
  readonly severity: Severity;
  readonly lastSeen: number;
}

/** Where alerts are kept. */
export interface AlertStore {
  /** The alert as it stands; absent where there is none. */
  get(id: string): Promise<Alert | undefined>;
  /**
   * Applies a change and stores the outcome unless the alert is another than the change was shown, in which case it starts over.
   * What a change is shown first may be out of date, or nothing: a store need not read before it writes. A change that returns its
   * argument stores nothing.
   */
  update(id: string, change: (alert: Alert | undefined) => Alert): Promise<Alert>;
}

/** 2,000 ids and 4,000 keys are below 130 KB of the 400 KB of an item. */
const mostIds = 2_000;
const mostGroups = 4_000;
const mostAuthors = 50;
const mostClosings = 10;

/** A group of findings on its way into its alert. */
export interface Part {
  readonly group: FindingGroup;
  /** What silences it, unless the alert is too grave for that. */
  readonly silence: Silence | undefined;
}

/** An alert with a group of findings folded in, and with the order to tell of it if there is reason to. */
export function fold(alert: Alert | undefined, group: FindingGroup, silence: Silence | undefined): Alert {
  return foldTogether(alert, [{ group, silence }]);
}

/** The same with several groups, of which people are told at once. Folding a group again changes nothing. */
export function foldTogether(alert: Alert | undefined, [first, ...rest]: readonly [Part, ...Part[]]): Alert {
  const folded = rest.reduce<Alert>(withPart, withPart(alert, first));
  return folded === alert ? alert : withOrder(folded);
}

function withPart(alert: Alert | undefined, { group, silence }: Part): Alert {
  const severity = graver(alert?.severity ?? 'low', group.speaker.severity);
  // A suppression ends: where the alert stands is the newest finding's to say, whichever comes last.
  const newest = alert !== undefined && group.last < alert.lastSeen ? alert.silence : silence;
  // What became graver than was decided about is told, and nothing milder that follows at once hides it.
  const holding = holdsFor(newest, severity) ? newest : undefined;
  const fresh = freshIn(alert, group);
  const counted = alert !== undefined && isCounted(alert, group);
  const state = stateAfter(alert, group, holding, counted);
  const silent = holding === undefined || state === 'closed' ? {} : { silencedBy: holding.words, silence: holding };
  if (counted && alert.state === state) return alert;

  const kept = [...(alert?.ids ?? []), ...fresh].slice(0, mostIds);
  const groups = alert?.groups ?? [];
  const beyond = (alert?.ids.length ?? 0) + fresh.length > mostIds;
  const speaker = alert === undefined ? group.speaker : louder(alert.speaker, group.speaker);
  const evidence = newestEvidence([...(alert?.speaker.evidence ?? []), ...group.speaker.evidence]);
  const by = [...new Set([...(alert?.by ?? []), ...(group.speaker.by ?? [])])].sort().slice(0, mostAuthors);
  const hits =
    counted || !holdsFor(silence, severity) ? alert?.silenced : countedSilenced(alert?.silenced ?? [], silence, fresh.length, group.last);
  return {
    id: group.fingerprint,
    state,
    ...silent,
    ...(hits === undefined ? {} : { silenced: hits }),
    count: (alert?.count ?? 0) + (counted ? 0 : fresh.length),
    firstSeen: Math.min(alert?.firstSeen ?? Infinity, group.first),
    lastSeen: Math.max(alert?.lastSeen ?? 0, group.last),
    severity,
    speaker: { ...speaker, evidence },
    ids: kept,
    groups: beyond && !groups.includes(group.key) ? [...groups, group.key].slice(-mostGroups) : groups,
    ...(by.length === 0 ? {} : { by }),
    ...(alert?.notKept === undefined ? {} : { notKept: alert.notKept }),
    ...(alert?.closings === undefined ? {} : { closings: alert.closings }),
    ...(alert?.telling === undefined ? {} : { telling: alert.telling }),
    ...(alert?.incident === undefined ? {} : { incident: alert.incident }),
    ...(alert?.timeline === undefined ? {} : { timeline: alert.timeline }),
    ...(alert?.reasons === undefined ? {} : { reasons: alert.reasons }),
    ...(alert?.told === undefined ? {} : { told: alert.told }),
  };
}

function freshIn(alert: Alert | undefined, { ids }: FindingGroup): string[] {
  const known = new Set(alert?.ids);
  return ids.filter((id) => !known.has(id));
}

/** Whether the findings of a group are in the alert's count. */
export function isCounted(alert: Alert, group: FindingGroup): boolean {
  return alert.groups.includes(group.key) || freshIn(alert, group).length === 0;
}

/** The alert once it is known for how many observations quarantine had no room. */
export function withNotKept(alert: Alert, more: number): Alert {
  return more === 0 ? alert : { ...alert, notKept: (alert.notKept ?? 0) + more };
}

/**
 * A closed alert stays closed for what happened before its closing and is no graver: that it was closed in knowledge of. That it is
 * over opens no alert either.
 */
function stateAfter(alert: Alert | undefined, group: FindingGroup, silence: Silence | undefined, counted: boolean): AlertState {
  const closing = alert && closingOf(alert);
  if (closing !== undefined) {
    const known = group.last <= closing.at && atLeast(alert?.severity ?? 'low', group.speaker.severity);
    if (counted || known || group.speaker.over === true) return 'closed';
  }
  if (silence === undefined) return 'open';
  return silence.staged ? 'staged' : 'suppressed';
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

/** The reason to tell that what an alert is about has ended. */
const over = 'over';

/** Why a person should hear of an alert now; nothing if what was ordered to be told is enough. */
function reasonToTell({
  state,
  telling,
  told,
  count,
  severity,
  firstSeen,
  lastSeen,
  speaker,
  closings,
  silenced = [],
}: Alert): string | undefined {
  if (state !== 'open') return undefined;
  const last = telling ?? told;
  if (last === undefined) return 'first seen';
  if (!atLeast(last.severity, severity)) return `graver: was ${last.severity}`;
  if (lastSeen > last.lastSeen) {
    if (speaker.over === true) return over;
    if (last.reason === over) return 'again, after it was over';
  }
  const closing = closings?.at(-1);
  if (closing !== undefined && last.lastSeen <= closing.at && lastSeen > closing.at)
    return `again, after ${closing.who} closed it as ${closing.verdict}`;
  const quiet = Math.max(0, ...silenced.map(({ last: end }) => end));
  if (last.lastSeen <= quiet && lastSeen > quiet) return 'again, no longer silenced';
  const milestone = [1_000, 100, 10].find((bar) => count >= bar && last.count < bar);
  if (milestone !== undefined) return `seen ${String(milestone)} times`;
  // What goes on from day to day was heard of: of the milder, people are reminded after twice as long each time.
  const patience = atLeast(severity, 'high') ? day : Math.max(day, last.lastSeen - firstSeen);
  const since = Math.floor((lastSeen - last.lastSeen) / day);
  return lastSeen - last.lastSeen > patience ? `seen again after ${since === 1 ? 'a day' : `${String(since)} days`}` : undefined;
}

/** An order is judged against the newest one, told or not: one that waits holds up no graver one. */
function withOrder(alert: Alert): Alert {
  const reason = reasonToTell(alert);
  if (reason === undefined) return alert;
  const { telling, count, severity, lastSeen } = alert;
  return { ...alert, telling: { number: (telling?.number ?? 0) + 1, reason, count, severity, lastSeen } };
}

/** The order that an alert still holds, if it was not carried out. */
export function orderOf({ telling, told }: Alert): Telling | undefined {
  return telling !== undefined && telling.number > (told?.number ?? 0) ? telling : undefined;
}

/** The alert once an order was carried out. */
export function markTold(alert: Alert, order: Telling): Alert {
  return isTold(alert, order) ? alert : { ...alert, told: order };
}

/** Whether an order, or one after it, was carried out. */
export function isTold({ told }: Alert, order: Telling): boolean {
  return (told?.number ?? 0) >= order.number;
}

import { atLeast, type Finding, graver, type Severity } from '../model/finding.ts';
import { day } from '../model/time.ts';
import { type FindingGroup, louder } from '../detect/finding-group.ts';

/** Where an alert stands. `suppressed` alerts are counted and kept, and nobody is told. */
export type AlertState = 'open' | 'suppressed';

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
  /** What was last told, if anything. */
  readonly told?: { readonly count: number; readonly severity: Severity; readonly lastSeen: number };
}

/** Where alerts are kept. */
export interface AlertStore {
  /**
   * Reads an alert, applies a change and stores the outcome unless somebody else changed it in between, in which case
   * it starts over. A change that returns its argument stores nothing.
   */
  update(id: string, change: (alert: Alert | undefined) => Alert): Promise<Alert>;
}

const mostIds = 2_000;
const mostGroups = 500;
const mostEvidence = 20;

/** An alert with a group of findings folded in. Folding a group again changes nothing. */
export function fold(alert: Alert | undefined, group: FindingGroup, silencedBy: string | undefined): Alert {
  // A suppression ends: where the alert stands is the newest finding's to say, whichever comes last.
  const why = alert !== undefined && group.last < alert.lastSeen ? alert.silencedBy : silencedBy;
  const state: AlertState = why === undefined ? 'open' : 'suppressed';
  const silence = why === undefined ? {} : { silencedBy: why };
  const known = new Set(alert?.ids);
  const fresh = group.ids.filter((id) => !known.has(id));
  const counted = alert !== undefined && (fresh.length === 0 || alert.groups.includes(group.key));
  if (counted && alert.state === state) return alert;

  const kept = [...(alert?.ids ?? []), ...fresh].slice(0, mostIds);
  const beyond = (alert?.ids.length ?? 0) + fresh.length > mostIds;
  const speaker = alert === undefined ? group.speaker : louder(alert.speaker, group.speaker);
  const evidence = [...(alert?.speaker.evidence ?? []), ...(counted ? [] : group.speaker.evidence)].sort((a, b) => a.time - b.time);
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
    ...(alert?.told === undefined ? {} : { told: alert.told }),
  };
}

/** Why a person should hear of an alert now; nothing if what they know is enough. */
export function reasonToTell({ state, told, count, severity, lastSeen }: Alert): string | undefined {
  if (state !== 'open') return undefined;
  if (told === undefined) return 'first seen';
  if (!atLeast(told.severity, severity)) return `graver: was ${told.severity}`;
  const milestone = [1_000, 100, 10].find((bar) => count >= bar && told.count < bar);
  if (milestone !== undefined) return `seen ${String(milestone)} times`;
  return lastSeen - told.lastSeen > day ? 'seen again after a day' : undefined;
}

/** The alert once a person was told what it says. */
export function markTold(alert: Alert, what: Alert): Alert {
  return { ...alert, told: { count: what.count, severity: what.severity, lastSeen: what.lastSeen } };
}

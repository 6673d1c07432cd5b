import type { Registered } from '../detect/finding.ts';
import type { Detection } from '../detect/kit.ts';
import { combine, type StateStore } from '../state/store.ts';
import { type Alert, type AlertStore, fold, markTold, reasonToTell } from './alert.ts';
import { type FindingGroup, groupFindings, membersOf } from '../detect/finding-group.ts';
import { incidentsWith } from './incidents/incidents.ts';
import { candidateMerges, notKeptOf, quarantineMerges } from './quarantine.ts';
import { mayJoinByTime } from './release.ts';
import { type Settings, silencing } from './suppression.ts';

/** What triage reaches outside itself. */
export interface TriagePorts {
  readonly alerts: AlertStore;
  readonly settings: Settings;
  readonly state: StateStore;
}

/** Folds a group of findings into its alert, and into the incident it completes, if any. */
export async function triage(
  group: FindingGroup,
  catalogue: readonly Registered<Detection>[],
  ports: TriagePorts,
): Promise<readonly Alert[]> {
  const suppressions = await ports.settings.suppressions();
  const silencedBy = silencing(suppressions, { ...group.speaker, time: group.last });
  const notKept = await quarantine(group, catalogue, ports.state);
  const alert = await ports.alerts.update(group.fingerprint, (known) => fold(known, group, silencedBy, notKept));
  // What was silenced by a person starts no incident either.
  if (silencedBy !== undefined) return [alert];

  const heard = membersOf(group).filter(
    ({ time, until = time }) => silencing(suppressions, { ...group.speaker, time: until }) === undefined,
  );
  const { incidents, crowding } = await incidentsWith(group, heard, catalogue, ports);
  const crowded = await Promise.all(
    groupFindings(crowding, new Map()).map((some) => ports.alerts.update(some.fingerprint, (known) => fold(known, some, undefined))),
  );
  // Of several states of one alert the last.
  return [...new Map([alert, ...incidents, ...crowded].map((each) => [each.id, each])).values()];
}

/** Keeps what the group's events would have taught; returns for how much there was no room. */
async function quarantine(group: FindingGroup, catalogue: readonly Registered<Detection>[], state: StateStore): Promise<number> {
  if (group.withheld.length === 0) return group.notKept ?? 0;
  const merges = [...quarantineMerges(group), ...(mayJoinByTime(group.speaker, catalogue) ? candidateMerges(group) : [])];
  return notKeptOf(group, await state.merge(combine(merges)));
}

/** Where alerts are told. */
export interface Teller {
  /** Resolves once the message is safely on its way; rejects otherwise. */
  tell(alert: Alert, reason: string): Promise<void>;
}

/**
 * Tells of an alert if there is reason to, then marks it told: a crash in between tells twice, never not at all. The
 * alert in hand may be one of several changes that a stream delivers late, so it is the stored one that is judged.
 */
export async function notify(changed: Alert, teller: Teller, alerts: AlertStore): Promise<boolean> {
  const alert = await alerts.update(changed.id, (known) => known ?? changed);
  const reason = reasonToTell(alert);
  if (reason === undefined) return false;
  await teller.tell(alert, reason);
  await alerts.update(alert.id, (known) => markTold(known ?? alert, alert));
  return true;
}

import type { Registered } from '../detect/finding.ts';
import type { Detection, Sequence } from '../detect/kit.ts';
import { combine, type StateStore } from '../state/store.ts';
import { type Alert, type AlertStore, fold, markTold, reasonToTell } from './alert.ts';
import { alertsIn, crowdingOf, incidentsOf, type Progress, progressOf } from './chain.ts';
import { type FindingGroup, groupFindings, membersOf } from '../detect/finding-group.ts';
import { candidateMerges, incidentMerges, notKeptOf, quarantineMerges } from './quarantine.ts';
import { mayJoinByTime } from './release.ts';
import { silencedMerge } from './silenced.ts';
import { holdsFor, isSilenced, type Settings, silenceOf, type Suppression } from './suppression.ts';

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
  const notKept = await quarantine(group, catalogue, ports.state);
  const alert = await foldUnder(suppressions, group, ports, notKept);
  // What was silenced by a person starts no incident either.
  if (isSilenced(suppressions, { ...group.speaker, time: group.last })) return [alert];

  const heard = membersOf(group).filter(({ time, until = time }) => !isSilenced(suppressions, { ...group.speaker, time: until }));
  const progress = progressOf(catalogue.filter(isSequence), group, heard);
  if (progress.length === 0) return [alert];
  const items = await ports.state.merge(combine(progress.map(({ merge }) => merge)));
  const steps = progress.flatMap((step) => {
    const item = items.get(step.merge.key);
    return item === undefined ? [] : [{ step, item, incidents: incidentsOf(step, item, group.speaker) }];
  });
  const told = new Set(steps.flatMap(({ step, incidents }) => (incidents.length > 0 ? [nameOf(step)] : [])));
  const crowding = steps.flatMap(({ step, item }) => (told.has(nameOf(step)) ? [] : crowdingOf(step, item, group.speaker)));
  // A chain that is whole in two items is one incident.
  const incidents = new Map([...steps.flatMap((step) => step.incidents), ...crowding].map((each) => [each.id, each]));
  if (incidents.size === 0) return [alert];
  const parts = steps.flatMap(({ item, incidents: some }) =>
    some.flatMap((incident) => incidentMerges(alertsIn(item), incident.fingerprint, incident.time)),
  );
  if (parts.length > 0) await ports.state.merge(combine(parts));
  const grouped = groupFindings([...incidents.values()], new Map());
  return [alert, ...(await Promise.all(grouped.map((incident) => foldUnder(suppressions, incident, ports))))];
}

/** Folds a group into its alert under what people decided. What was silenced is noted before the group counts as done. */
async function foldUnder(
  suppressions: readonly Suppression[],
  group: FindingGroup,
  { alerts, state }: TriagePorts,
  notKept = 0,
): Promise<Alert> {
  const silence = silenceOf(suppressions, { ...group.speaker, time: group.last });
  const silent = holdsFor(silence, group.speaker.severity);
  const [alert] = await Promise.all([
    alerts.update(group.fingerprint, (known) => fold(known, group, silence, notKept)),
    silent ? state.merge([silencedMerge(silence, group)]) : undefined,
  ]);
  return alert;
}

function nameOf({ sequence, link }: Progress): string {
  return `${sequence.detection.id} ${link}`;
}

/** Keeps what the group's events would have taught; returns for how much there was no room. */
async function quarantine(group: FindingGroup, catalogue: readonly Registered<Detection>[], state: StateStore): Promise<number> {
  if (group.withheld.length === 0) return group.notKept ?? 0;
  const merges = [...quarantineMerges(group), ...(mayJoinByTime(group.speaker, catalogue) ? candidateMerges(group) : [])];
  return notKeptOf(group, await state.merge(combine(merges)));
}

function isSequence(registered: Registered<Detection>): registered is Registered<Sequence> {
  return registered.detection.shape === 'sequence';
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

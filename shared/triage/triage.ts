import type { Registered } from '../detect/finding.ts';
import type { Detection, Sequence } from '../detect/kit.ts';
import type { Finding } from '../model/finding.ts';
import { combine, type StateItem, type StateStore } from '../state/store.ts';
import { type Alert, type AlertStore, foldTogether, isCounted, isTold, markTold, orderOf, type Part, withNotKept } from './alert.ts';
import { alertsIn, crowdingOf, incidentsOf, type Progress, progressOf } from './chain.ts';
import { type FindingGroup, groupFindings, membersOf, mostMembers, mostWithheld } from '../detect/finding-group.ts';
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
export function triage(group: FindingGroup, catalogue: readonly Registered<Detection>[], ports: TriagePorts): Promise<readonly Alert[]> {
  return triageTogether([group], catalogue, ports);
}

/** The same for groups of one fingerprint that came together: their alert is written once. */
export async function triageTogether(
  groups: readonly [FindingGroup, ...FindingGroup[]],
  catalogue: readonly Registered<Detection>[],
  ports: TriagePorts,
): Promise<readonly Alert[]> {
  // Side by side: people must not wait for what is kept in case they find it harmless.
  const [{ alert, fresh, heard, suppressions }, notKept] = await Promise.all([
    alertOf(groups, ports),
    quarantine(groups, catalogue, ports.state),
  ]);
  const lost = fresh.reduce((sum, group) => sum + (notKept.get(group) ?? 0), 0);
  if (lost > 0) await ports.alerts.update(alert.id, (known) => withNotKept(known ?? alert, lost));
  return [alert, ...(await incidentsWith(heard, suppressions, catalogue, ports))];
}

/** What became of groups in their alert. */
interface Alerted {
  readonly alert: Alert;
  /** Groups that were not counted before. */
  readonly fresh: readonly FindingGroup[];
  /** What was silenced by a person starts no incident either. */
  readonly heard: readonly FindingGroup[];
  readonly suppressions: readonly Suppression[];
}

async function alertOf(groups: readonly [FindingGroup, ...FindingGroup[]], ports: TriagePorts): Promise<Alerted> {
  const suppressions = await ports.settings.suppressions();
  let fresh: readonly FindingGroup[] = [];
  const alert = await foldUnder(suppressions, groups, ports, (known) => {
    fresh = groups.filter((group) => known === undefined || !isCounted(known, group));
  });
  const heard = groups.filter((group) => !isSilenced(suppressions, { ...group.speaker, time: group.last }));
  return { alert, fresh, heard, suppressions };
}

/** Folds groups into their alert under what people decided. What was silenced is noted before the groups count as done. */
async function foldUnder(
  suppressions: readonly Suppression[],
  [first, ...rest]: readonly [FindingGroup, ...FindingGroup[]],
  { alerts, state }: TriagePorts,
  onKnown: (alert: Alert | undefined) => void = () => undefined,
): Promise<Alert> {
  const partOf = (group: FindingGroup): Part => ({ group, silence: silenceOf(suppressions, { ...group.speaker, time: group.last }) });
  const parts = [partOf(first), ...rest.map(partOf)] as const;
  const merges = parts.flatMap(({ group, silence }) => (holdsFor(silence, group.speaker.severity) ? [silencedMerge(silence, group)] : []));
  const [alert] = await Promise.all([
    alerts.update(first.fingerprint, (known) => {
      onKnown(known);
      return foldTogether(known, parts);
    }),
    merges.length === 0 ? undefined : state.merge(combine(merges)),
  ]);
  return alert;
}

/** Folds the findings of groups into the incidents that they complete, if any. */
async function incidentsWith(
  groups: readonly FindingGroup[],
  suppressions: readonly Suppression[],
  catalogue: readonly Registered<Detection>[],
  ports: TriagePorts,
): Promise<readonly Alert[]> {
  const sequences = catalogue.filter(isSequence);
  const steps: { readonly step: Progress; readonly last: Finding; readonly item: StateItem; readonly incidents: readonly Finding[] }[] = [];
  for (const some of runsOf(groups, (group) => membersOf(group).length, 2 * mostMembers)) {
    const progress = some.flatMap((group) => {
      const heard = membersOf(group).filter(({ time, until = time }) => !isSilenced(suppressions, { ...group.speaker, time: until }));
      return progressOf(sequences, group, heard).map((step) => ({ step, last: group.speaker }));
    });
    if (progress.length === 0) continue;
    const items = await ports.state.merge(combine(progress.map(({ step }) => step.merge)));
    for (const { step, last } of progress) {
      const item = items.get(step.merge.key);
      if (item !== undefined) steps.push({ step, last, item, incidents: incidentsOf(step, item, last) });
    }
  }
  const told = new Set(steps.flatMap(({ step, incidents }) => (incidents.length > 0 ? [nameOf(step)] : [])));
  const crowding = steps.flatMap(({ step, last, item }) => (told.has(nameOf(step)) ? [] : crowdingOf(step, item, last)));
  // A chain that is whole in two items is one incident.
  const incidents = new Map([...steps.flatMap((step) => step.incidents), ...crowding].map((each) => [each.id, each]));
  if (incidents.size === 0) return [];
  const parts = steps.flatMap(({ item, incidents: some }) =>
    some.flatMap((incident) => incidentMerges(alertsIn(item), incident.fingerprint, incident.time)),
  );
  if (parts.length > 0) await ports.state.merge(combine(parts));
  const grouped = groupFindings([...incidents.values()], new Map());
  return Promise.all(grouped.map((incident) => foldUnder(suppressions, [incident], ports)));
}

function nameOf({ sequence, link }: Progress): string {
  return `${sequence.detection.id} ${link}`;
}

/** Keeps what the groups' events would have taught; returns for how much there was no room. */
async function quarantine(
  groups: readonly FindingGroup[],
  catalogue: readonly Registered<Detection>[],
  state: StateStore,
): Promise<ReadonlyMap<FindingGroup, number>> {
  const notKept = new Map<FindingGroup, number>();
  for (const some of runsOf(groups, ({ withheld }) => withheld.length, mostWithheld)) {
    const merges = some
      .filter(({ withheld }) => withheld.length > 0)
      .flatMap((group) => [...quarantineMerges(group), ...(mayJoinByTime(group.speaker, catalogue) ? candidateMerges(group) : [])]);
    const items: ReadonlyMap<string, StateItem> = merges.length === 0 ? new Map() : await state.merge(combine(merges));
    for (const group of some) notKept.set(group, notKeptOf(group, items));
  }
  return notKept;
}

/** Cut in runs that weigh no more than one group may: an item has room for as much. */
function runsOf(groups: readonly FindingGroup[], weightOf: (group: FindingGroup) => number, most: number): FindingGroup[][] {
  const runs: FindingGroup[][] = [];
  let weight = Infinity;
  for (const group of groups) {
    weight += weightOf(group);
    if (weight > most) {
      runs.push([]);
      weight = weightOf(group);
    }
    runs.at(-1)?.push(group);
  }
  return runs;
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
 * Carries out the order that an alert holds, from the alert in hand, and notes that it was: a crash in between tells twice, under the
 * same number, never not at all. `mayBeDone`: somebody may have carried it out since; then the stored alert is asked before.
 */
export async function notify(alert: Alert, teller: Teller, alerts: AlertStore, mayBeDone = false): Promise<boolean> {
  const order = orderOf(alert);
  if (order === undefined) return false;
  const stored = mayBeDone ? await alerts.get(alert.id) : undefined;
  if (stored !== undefined && isTold(stored, order)) return false;
  await teller.tell(alert, order.reason);
  await alerts.update(alert.id, (known) => markTold(known ?? alert, order));
  return true;
}

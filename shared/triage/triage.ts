import type { Registered } from '../detect/finding.ts';
import type { Detection } from '../detect/kit.ts';
import type { Finding } from '../model/finding.ts';
import { combine, type StateItem, type StateStore } from '../state/store.ts';
import { type Alert, type AlertStore, foldTogether, isCounted, isTold, markTold, orderOf, type Part, withNotKept } from './alert.ts';
import { type FindingGroup, groupFindings, louder, membersOf, mostMembers, mostWithheld } from '../detect/finding-group.ts';
import { incidentsWith } from './incidents/incidents.ts';
import { candidateMerges, notKeptOf, quarantineMerges } from './quarantine.ts';
import { mayJoinByTime } from './release.ts';
import { silencedMerge } from './silenced.ts';
import { holdsFor, isSilenced, type Settings, type Silence, silenceOf, type Suppression } from './suppression.ts';

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
  const incidents = await incidentsOf(heard, suppressions, catalogue, ports);
  // Of several states of one alert the last.
  return [...new Map([alert, ...incidents].map((each) => [each.id, each])).values()];
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

/** Folds the findings of groups into the incidents that they complete or join, if any. */
async function incidentsOf(
  groups: readonly FindingGroup[],
  suppressions: readonly Suppression[],
  catalogue: readonly Registered<Detection>[],
  ports: TriagePorts,
): Promise<readonly Alert[]> {
  const silence = (finding: Finding): Silence | undefined => silenceOf(suppressions, finding);
  const alerts: Alert[] = [];
  for (const run of runsOf(groups, (group) => membersOf(group).length, 2 * mostMembers)) {
    const heard = run.flatMap((group) =>
      membersOf(group).filter(({ time, until = time }) => !isSilenced(suppressions, { ...group.speaker, time: until })),
    );
    const { incidents, crowding } = await incidentsWith(together(run), heard, catalogue, { ...ports, silenceOf: silence });
    alerts.push(...incidents);
    for (const some of groupFindings(crowding, new Map())) alerts.push(await foldUnder(suppressions, [some], ports));
  }
  return alerts;
}

/** Groups of one fingerprint as one: what they tell of a link is noted in one write. */
function together([first, ...rest]: readonly [FindingGroup, ...FindingGroup[]]): FindingGroup {
  return rest.reduce<FindingGroup>(
    (sum, group) => ({
      ...sum,
      first: Math.min(sum.first, group.first),
      last: Math.max(sum.last, group.last),
      speaker: louder(sum.speaker, group.speaker),
    }),
    first,
  );
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
function runsOf(
  groups: readonly FindingGroup[],
  weightOf: (group: FindingGroup) => number,
  most: number,
): (readonly [FindingGroup, ...FindingGroup[]])[] {
  const runs: [FindingGroup, ...FindingGroup[]][] = [];
  let weight = Infinity;
  for (const group of groups) {
    weight += weightOf(group);
    const run = weight > most ? undefined : runs.at(-1);
    if (run !== undefined) {
      run.push(group);
      continue;
    }
    runs.push([group]);
    weight = weightOf(group);
  }
  return runs;
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

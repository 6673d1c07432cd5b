import { groupFindings } from '../detect/finding-group.ts';
import type { Registered } from '../detect/finding.ts';
import type { Detection } from '../detect/kit.ts';
import { lessonName, type Withheld } from '../detect/withheld.ts';
import { atLeast, type Finding } from '../model/finding.ts';
import { digest, identifierLength } from '../model/hash.ts';
import { day, dayOf, iso } from '../model/time.ts';
import { observationMerge } from '../state/seen-set.ts';
import { combine, type StateItem, type StateStore } from '../state/store.ts';
import { type Alert, type AlertStore, fold } from './alert.ts';
import { benignAmong } from './closing.ts';
import { condemnedKeys, isCondemned } from './condemned.ts';
import { candidatesIn, candidatesKey, joinedMerge, joinedName, type Quarantine, quarantineKeys, quarantineOf } from './quarantine.ts';

/** What the nightly release reaches outside itself. */
export interface ReleasePorts {
  readonly alerts: AlertStore;
  readonly state: StateStore;
}

/** Novelties of one alert that nobody objected to: they join the baselines. */
export interface Join {
  readonly alert: Alert;
  readonly observations: readonly Withheld[];
}

/** What joined in a night, and the alert that tells of it; none where nothing joined. */
export interface Released {
  readonly joins: readonly Join[];
  readonly summary?: Alert;
}

/** Days after its first finding. */
const waitDays = 14;
/** Different days on which it was seen. */
const recurrences = 3;
/** Days that recurrences are looked for in: memories last as long, or little longer. */
const reachDays = 35;

/** Whether a finding is one that time may settle: novelty that is not grave. Thresholds and signatures are for people. */
export function mayJoinByTime({ severity, baseline, detection: id }: Finding, catalogue: readonly Registered<Detection>[]): boolean {
  const novelty = catalogue.some(({ detection }) => detection.id === id && detection.shape === 'detection');
  return novelty && baseline !== undefined && !atLeast(severity, 'high');
}

/**
 * The nightly step: novelty that was told, is in no incident and recurred on three different days joins 14 days after
 * its first finding. It is told first and learnt then, in one alert a night; a night that was cut short is completed by
 * the next run.
 */
export async function joinUsual(catalogue: readonly Registered<Detection>[], now: number, ports: ReleasePorts): Promise<Released> {
  const joins = await usual(catalogue, now, ports);
  const [group] = groupFindings(summaryOf(joins, now), new Map());
  if (group === undefined) return { joins };
  const summary = await ports.alerts.update(group.fingerprint, (known) => fold(known, group, undefined));
  await ports.state.merge(combine(joins.flatMap(({ observations }) => observations.map(observationMerge))));
  await ports.state.merge(
    combine(joins.flatMap(({ alert, observations }) => observations.map((each) => joinedMerge(alert.id, each, now)))),
  );
  return { joins, summary };
}

/** What is due to join tonight. Changes nothing. */
async function usual(catalogue: readonly Registered<Detection>[], now: number, { alerts, state }: ReleasePorts): Promise<Join[]> {
  const due: { readonly alert: Alert; readonly quarantine: Quarantine }[] = [];
  for (const id of await candidates(now, state)) {
    const alert = await alerts.get(id);
    if (alert === undefined || !isReady(alert, catalogue, now)) continue;
    const items = await state.read([...quarantineKeys(id), ...condemnedKeys(alert)], 'strong');
    const quarantine = quarantineOf(id, items);
    if (!quarantine.inIncident && !isCondemned(alert, items)) due.push({ alert, quarantine });
  }
  const settled = new Map(due.map(({ alert, quarantine }) => [alert.id, ripe(quarantine, now)]));
  const joins: Join[] = [];
  for (const { alert, quarantine } of due) {
    const fresh = quarantine.observations.filter(
      (each) => settled.get(alert.id)?.has(lessonName(each)) === true && !quarantine.joined.has(joinedName(each)),
    );
    const harmless = await benignAmong(fresh, alerts);
    const observations = fresh.filter((each) =>
      each.others.every((other) => harmless.has(other) || settled.get(other)?.has(lessonName(each)) === true),
    );
    if (observations.length > 0) joins.push({ alert, observations });
  }
  return joins;
}

/** Alerts with novelty on enough different days of the last weeks. */
async function candidates(now: number, state: StateStore): Promise<string[]> {
  const days = Array.from({ length: reachDays }, (_, back) => candidatesKey(dayOf(now) - back));
  const items: ReadonlyMap<string, StateItem> = await state.read(days, 'strong');
  const times = new Map<string, number>();
  for (const key of days) for (const id of candidatesIn(items.get(key))) times.set(id, (times.get(id) ?? 0) + 1);
  return [...times].flatMap(([id, count]) => (count >= recurrences ? [id] : [])).sort();
}

/** Told, open, never judged by a person, and not grave. */
function isReady({ state, told, closings, severity, speaker, firstSeen }: Alert, catalogue: readonly Registered<Detection>[], now: number) {
  const untouched = state === 'open' && told !== undefined && closings === undefined;
  return untouched && !atLeast(severity, 'high') && mayJoinByTime(speaker, catalogue) && firstSeen <= now - waitDays * day;
}

/** Lessons that recurred for themselves: an alert that lasts must not carry in what it saw once. */
function ripe({ observations }: Quarantine, now: number): ReadonlySet<string> {
  const days = new Map<string, Set<number>>();
  for (const each of observations) {
    if (each.day <= dayOf(now) - reachDays) continue;
    const name = lessonName(each);
    days.set(name, (days.get(name) ?? new Set()).add(each.day));
  }
  const oldEnough = dayOf(now) - waitDays;
  return new Set([...days].flatMap(([name, on]) => (on.size >= recurrences && Math.min(...on) <= oldEnough ? [name] : [])));
}

const mostListed = 20;

/** What a person is told in the morning; nothing where nothing joins. */
function summaryOf(joins: readonly Join[], now: number): Finding[] {
  const [first] = joins;
  if (first === undefined) return [];
  const { account, region } = first.alert.speaker;
  const clusters = [...new Set(joins.map(({ alert }) => alert.speaker.cluster))].sort();
  const night = iso(now).slice(0, 10);
  const number = `${String(joins.length)} ${joins.length === 1 ? 'alert' : 'alerts'}`;
  const finding: Finding = {
    id: digest(identifierLength, ['novelty joined', night, ...joins.map(({ alert }) => alert.id)]),
    fingerprint: digest(identifierLength, ['novelty joined', night]),
    detection: 'novelty-joined',
    strategy: '',
    title: 'Novelties became usual by themselves',
    severity: 'low',
    confidence: 'high',
    time: now,
    cluster: clusters.length === 1 ? (clusters[0] ?? '') : '',
    account,
    region,
    entity: { kind: 'cluster', id: clusters.join(), name: clusters.join(', ') },
    attack: [],
    summary: `What ${number} told of was seen on ${String(recurrences)} days or more in ${String(waitDays)} days, and nobody closed ${joins.length === 1 ? 'it' : 'them'} as malicious: it is normal from now on.`,
    evidence: joins.slice(0, mostListed).map(({ alert }) => ({
      time: alert.firstSeen,
      note: `alert ${alert.id}: ${alert.speaker.summary}`,
    })),
    baseline: { alerts: joins.length, 'listed below': Math.min(joins.length, mostListed) },
    next: 'Close as malicious any of these alerts that should not be normal: that forgets what they taught.',
    late: false,
    links: [],
  };
  return [finding];
}

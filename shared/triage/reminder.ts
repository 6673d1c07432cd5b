import type { Limits } from '../detect/operator-limit.ts';
import { groupFindings } from '../detect/finding-group.ts';
import type { Finding } from '../model/finding.ts';
import { digest, identifierLength } from '../model/hash.ts';
import { day, dayOf, iso } from '../model/time.ts';
import type { StateStore } from '../state/store.ts';
import { type Alert, type AlertStore, fold } from './alert.ts';
import { allDecisions, type Decision, isLimit, kindOf } from './decision.ts';
import { reachOf, silencedKeys } from './silenced.ts';
import type { Settings } from './suppression.ts';

/** What reminders reach outside themselves. */
export interface ReminderPorts {
  readonly alerts: AlertStore;
  readonly state: StateStore;
  readonly settings: Settings & Limits;
}

/** Nights before the end on which somebody may still prolong a decision. */
const noticeDays = 3;
/** A night that was missed is made up for. */
const afterEndDays = 7;
/** A decision that silences nothing for as long protects nobody from noise, and hides whoever comes. */
const idleDays = 30;

/**
 * The nightly step: tells once of each decision that ends soon, and of each that silenced nothing for a month. Repeated, it
 * tells nothing new; returned is what is new. Nobody can suppress it.
 */
export async function remind(now: number, { alerts, state, settings }: ReminderPorts): Promise<readonly Alert[]> {
  const decisions = await allDecisions(settings);
  const items = decisions.length === 0 ? new Map() : await state.read(silencedKeys(decisions.map(({ id }) => id)), 'eventual');
  const findings = decisions.flatMap((decision) => {
    if (isEnding(decision, now)) return [reminder(decision, now, 'ends')];
    const { lastDay } = reachOf(decision.id, items);
    return isIdle(decision, now, lastDay) ? [reminder(decision, now, 'idle')] : [];
  });
  const fresh: Alert[] = [];
  for (const group of groupFindings(findings, new Map())) {
    let known: Alert | undefined;
    const alert = await alerts.update(group.fingerprint, (stored) => fold((known = stored), group, undefined));
    if (alert !== known) fresh.push(alert);
  }
  return fresh;
}

/** Whoever decided for a day or two knows. */
function isEnding({ until, at = 0 }: Decision, now: number): boolean {
  const soon = until - now <= noticeDays * day && now - until < afterEndDays * day;
  return soon && until - at > noticeDays * day;
}

/** One that does not say since when it holds is never called idle. */
function isIdle(decision: Decision, now: number, lastDay = dayOf(decision.at ?? now)): boolean {
  const since = Math.max(dayOf(decision.at ?? now), lastDay);
  return !isLimit(decision) && decision.until > now && dayOf(now) - since >= idleDays;
}

/** What a decision is about, in words. */
export function scopeText(decision: Decision): string {
  const parts = isLimit(decision)
    ? [`${String(decision.limit)} for ${decision.detection}`]
    : [
        decision.detection === '*' ? 'all detections' : decision.detection,
        ...(decision.strategy === undefined ? [] : [`strategy ${decision.strategy}`]),
        ...(decision.alert === undefined ? [] : [`alert ${decision.alert}`]),
        ...(decision.entity === '*' ? [] : [`entity ${decision.entity}`]),
      ];
  const { cluster, account } = decision;
  return [...parts, ...(cluster === '*' ? [] : [`cluster ${cluster}`]), ...(account === undefined ? [] : [`account ${account}`])].join(
    ', ',
  );
}

function reminder(decision: Decision, now: number, what: 'ends' | 'idle'): Finding {
  const { id, who, why, until } = decision;
  const kind = kindOf(decision);
  const cluster = decision.cluster.includes('*') ? '' : decision.cluster;
  // Prolonged, it is told of again.
  const name = [`decision ${what}`, id, String(until)];
  const words = `The ${kind} by ${who} (${why}) about ${scopeText(decision)}`;
  const end = iso(until).slice(0, 10);
  return {
    id: digest(identifierLength, name),
    fingerprint: digest(identifierLength, [...name, 'alert']),
    detection: what === 'ends' ? 'decision-ends' : 'decision-unused',
    strategy: '',
    title: what === 'ends' ? `A ${kind} ends` : `A ${kind} silences nothing`,
    severity: 'low',
    confidence: 'high',
    time: now,
    cluster,
    account: '',
    region: '',
    entity: { kind: 'cluster', id: cluster, name: cluster === '' ? 'all clusters' : cluster },
    attack: [],
    summary:
      what === 'ends'
        ? `${words} ${until > now ? 'ends' : 'ended'} on ${end}: from then on ${isLimit(decision) ? 'what was learnt is the limit again' : 'what it silences is told again'}.`
        : `${words}, until ${end}, silenced nothing for ${String(idleDays)} days: it only hides who comes next.`,
    evidence: [],
    next:
      what === 'ends'
        ? `Extend it with "npm run suppress -- extend ${id} --days 30", or remove it with "npm run suppress -- remove ${id}".`
        : `Remove it with "npm run suppress -- ${kind === 'staging' ? `promote ${decision.detection}` : `remove ${id}`}", or leave it until it ends.`,
    late: false,
    links: [],
  };
}

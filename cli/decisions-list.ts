import { inParallel } from '../shared/adapters/effort.ts';
import { day, iso } from '../shared/model/time.ts';
import { allDecisions, type Decision, isLimit, kindOf } from '../shared/triage/decision.ts';
import { scopeText } from '../shared/triage/reminder.ts';
import { reachOf, silencedIn, silencedKeys } from '../shared/triage/silenced.ts';
import type { Desk } from './decision-desk.ts';
import { counted } from './words.ts';

const readsAtOnce = 8;

/** Every decision with what it silenced, those that end first at the top. */
export async function decisionsListed(desk: Desk): Promise<readonly string[]> {
  const decisions = [...(await allDecisions(desk.decisions))].sort((a, b) => a.until - b.until || a.id.localeCompare(b.id));
  if (decisions.length === 0) return ['Nothing is decided: everything is told.'];
  const items = await desk.state.read(silencedKeys(decisions.map(({ id }) => id)), 'strong');
  const lines: string[] = [];
  for (const decision of decisions) {
    lines.push(heading(decision, desk.now), `  ${decision.who}: ${decision.why}`);
    if (isLimit(decision)) continue;
    const reach = reachOf(decision.id, items);
    const counts = await inParallel(reach.alerts, readsAtOnce, async (id) => {
      const alert = await desk.alerts.get(id);
      return alert === undefined ? 0 : silencedIn(alert, decision.id);
    });
    const hit = counts.filter((count) => count > 0);
    const findings = hit.reduce((sum, count) => sum + count, 0);
    const last = reach.lastDay === undefined ? '' : `, last on ${when(reach.lastDay * day)}`;
    const sums = `${counted(findings, 'finding')} in ${counted(hit.length, 'alert')}`;
    lines.push(`  silenced ${findings === 0 ? 'nothing' : `${reach.full ? 'at least ' : ''}${sums}${last}`}`);
  }
  return lines;
}

function heading(decision: Decision, now: number): string {
  const severity = isLimit(decision) || decision.staged === true ? '' : `, up to ${decision.severity ?? 'critical'}`;
  const left = Math.ceil((decision.until - now) / day);
  const end = left > 0 ? `until ${when(decision.until)}, ${counted(left, 'day')} left` : `ended ${when(decision.until)}`;
  return `${decision.id}  ${kindOf(decision)}: ${scopeText(decision)}${severity}; ${end}`;
}

/** A moment as people say it: the day, and the time where it is none of midnight. */
export function when(time: number): string {
  const [date = '', clock = ''] = iso(time).split('T');
  return clock.startsWith('00:00') ? date : `${date} ${clock.slice(0, 5)} UTC`;
}

import { type FindingGroup, groupFindings } from '../../detect/finding-group.ts';
import type { Finding } from '../../model/finding.ts';
import { combine, type Merge } from '../../state/store.ts';
import type { Alert, AlertStore } from '../alert.ts';
import type { StateStore } from '../../state/store.ts';
import { incidentMerges } from '../quarantine.ts';
import { absorbing, type Addition, joinedTo, type Knot, rootOf, type Silencing, withMore } from './incident.ts';
import type { Sighting } from './sightings.ts';
import type { TimelineEntry } from './timeline.ts';
import { webOf } from './web.ts';

/** What incidents reach outside themselves. */
export interface IncidentPorts {
  readonly alerts: AlertStore;
  readonly state: StateStore;
  readonly silenceOf: Silencing;
}

/** An incident on one link, as the latest finding shows it. */
export interface OpenCase {
  readonly knot: Knot;
  /** All that is part of a chain, the earliest first. */
  readonly steps: readonly Sighting[];
  /** Those that became part of one with the latest findings; none where these merely belong on the timeline. */
  readonly newcomers: readonly Sighting[];
  /** The writes by which what comes later knows of it. */
  readonly marks: readonly Merge[];
  readonly findings: readonly Finding[];
  readonly timeline: readonly TimelineEntry[];
  readonly by: readonly string[];
}

/**
 * Brings a case to the alert that tells of it: its own where it stands alone, else that of the root of all incidents that
 * share a step with it. What others need to know is written first and the alert that counts the new findings last: until it
 * does, the same group comes to the same again.
 */
export async function settle(open: OpenCase, ports: IncidentPorts): Promise<readonly Alert[]> {
  const { knot, steps, newcomers, findings, timeline, by } = open;
  // Of two who complete a chain at once each may take the other for earlier: what others need is written whoever came first.
  await ports.state.merge(combine([...open.marks, ...quarantined(open)]));
  const own = await ports.alerts.get(knot.id);
  const fresh = findings.filter(({ id }) => own?.ids.includes(id) !== true);
  const [group] = groupFindings(fresh, new Map());
  if (group === undefined && (own === undefined || newcomers.length === 0)) return own === undefined ? [] : prolong(own, open, ports);
  const addition = { group, findings: fresh, timeline, by };

  let web = await webOf(knot, steps, ports.state);
  for (;;) {
    const { root, alerts } = await tellIn(web, knot, addition, ports);
    const later = await webOf(knot, steps, ports.state);
    // Who came in between found no alert of this incident that could join.
    if ((rootOf(later) ?? knot).id === root.id) return [...alerts, ...(await nameParts(alerts.at(-1), newcomers, alerts, ports))];
    web = later;
  }
}

/** Brings a case to the root of a web, whose other incidents join it; the root's alert comes last. */
async function tellIn(
  web: readonly Knot[],
  knot: Knot,
  addition: Addition,
  ports: IncidentPorts,
): Promise<{ readonly root: Knot; readonly alerts: readonly Alert[] }> {
  const root = rootOf(web) ?? knot;
  const others = web.filter(({ id }) => id !== knot.id && id !== root.id);
  const joined = await joinAll(others, root, ports);
  const told = root.id === knot.id ? await tellSelf(knot, addition, joined, ports) : await tellRoot(root, knot, addition, joined, ports);
  return { root, alerts: [...joined, ...told.toReversed()] };
}

async function tellSelf(knot: Knot, addition: Addition, joined: readonly Alert[], { alerts, silenceOf }: IncidentPorts): Promise<Alert[]> {
  const change = (known: Alert | undefined): Alert =>
    joined.reduce((sum, part) => absorbing(sum, knot, part, silenceOf), withMore(known, knot, addition, silenceOf));
  return [await alerts.update(knot.id, change)];
}

async function tellRoot(
  root: Knot,
  knot: Knot,
  addition: Addition,
  joined: readonly Alert[],
  { alerts, silenceOf }: IncidentPorts,
): Promise<Alert[]> {
  const mine = withMore(await alerts.get(knot.id), knot, addition, silenceOf);
  const take = (known: Alert | undefined): Alert =>
    joined.reduce((sum, part) => absorbing(sum, root, part, silenceOf), absorbing(known, root, mine, silenceOf));
  const whole = await alerts.update(root.id, take);
  return [whole, await alerts.update(knot.id, (known) => joinedTo(known, withMore(known, knot, addition, silenceOf), root.id))];
}

async function joinAll(knots: readonly Knot[], root: Knot, { alerts }: IncidentPorts): Promise<Alert[]> {
  const joined = await Promise.all(
    knots.map(async ({ id }) => {
      const known = await alerts.get(id);
      return known === undefined ? [] : [await alerts.update(id, (alert = known) => joinedTo(alert, alert, root.id))];
    }),
  );
  return joined.flat();
}

/** What happens on a link after its incident is on the timeline of whichever incident tells of it. */
async function prolong(own: Alert, { knot, timeline, by }: OpenCase, ports: IncidentPorts): Promise<readonly Alert[]> {
  const teller = own.state === 'joined' ? (own.incident?.id ?? own.id) : own.id;
  const known = teller === own.id ? own : await ports.alerts.get(teller);
  if (known === undefined) return [];
  const more = { group: undefined as FindingGroup | undefined, findings: [], timeline, by };
  const change = (alert: Alert): Alert => withMore(alert, { ...knot, id: teller }, more, ports.silenceOf);
  return change(known) === known ? [] : [await ports.alerts.update(teller, (alert) => change(alert ?? known))];
}

/** Alerts name the incident that they are part of, once it is there; those of one that joined it name the one that tells. */
async function nameParts(
  whole: Alert | undefined,
  members: readonly Sighting[],
  joined: readonly Alert[],
  { alerts }: IncidentPorts,
): Promise<Alert[]> {
  if (whole === undefined) return [];
  const incident = { id: whole.id, parts: whole.incident?.parts ?? 0 };
  const former = new Set(joined.map(({ id }) => id));
  const mine = new Set(members.map(({ alert }) => alert));
  const theirs = joined.flatMap(({ timeline = [] }) => timeline.map(({ alert }) => alert));
  const named: Alert[] = [];
  for (const part of new Set([...mine, ...theirs])) {
    const known = await alerts.get(part);
    if (known === undefined || known.incident?.id === incident.id) continue;
    if (!mine.has(part) && !former.has(known.incident?.id ?? '')) continue;
    named.push(await alerts.update(part, (alert) => ({ ...(alert ?? known), incident })));
  }
  return named;
}

/** What waits with the alerts of an incident joins by a person's word alone. */
function quarantined({ steps, knot }: OpenCase): Merge[] {
  if (steps.length === 0) return [];
  const latest = Math.max(...steps.map(({ time }) => time));
  const parts = steps.map(({ alert }) => alert);
  return incidentMerges(parts, knot.id, latest);
}

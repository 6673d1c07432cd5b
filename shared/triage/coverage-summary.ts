import { type BlindInterval, blindPartition, intervalIn } from '../coverage/blind.ts';
import { recallDeployed } from '../coverage/deployed.ts';
import { groupFindings } from '../detect/finding-group.ts';
import type { Finding } from '../model/finding.ts';
import { digest, identifierLength } from '../model/hash.ts';
import { day, dayOf, iso } from '../model/time.ts';
import type { StateStore } from '../state/store.ts';
import { type Alert, type AlertStore, fold } from './alert.ts';

/** Gaps that a summary names; the others are counted. */
const mostNamed = 20;

/**
 * The nightly step: tells what is not seen, and what was not during the last day. Nights on which everything was seen say nothing:
 * that the check itself runs is for its alarm. Repeated, it tells nothing new; returned is what is new.
 */
export async function summariseCoverage(
  now: number,
  { alerts, state }: { readonly alerts: AlertStore; readonly state: StateStore },
): Promise<Alert | undefined> {
  const deployed = await recallDeployed(state);
  if (deployed === undefined) return undefined;
  const documents = await state.list(blindPartition(deployed));
  const intervals = documents.flatMap((document) => intervalIn(document) ?? []);
  // What explains itself, such as a cluster that is being made, is no news.
  const open = intervals.filter((one) => one.open && one.explained === '').sort(oldestFirst);
  const closed = intervals.filter((one) => !one.open && one.explained === '' && one.until > now - day).sort(oldestFirst);
  if (open.length + closed.length === 0) return undefined;
  const [group] = groupFindings([summary(now, deployed, open, closed)], new Map());
  if (group === undefined) return undefined;
  let known: Alert | undefined;
  const alert = await alerts.update(group.fingerprint, (stored) => fold((known = stored), group, undefined));
  return alert === known ? undefined : alert;
}

function oldestFirst(one: BlindInterval, other: BlindInterval): number {
  return one.from - other.from || (one.why < other.why ? -1 : 1);
}

function summary(
  now: number,
  { account, region }: { readonly account: string; readonly region: string },
  open: readonly BlindInterval[],
  closed: readonly BlindInterval[],
): Finding {
  const name = ['coverage summary', account, region, String(dayOf(now))];
  const blind = open.filter(({ status }) => status === 'blind').length;
  const evidence = [
    ...open.map(({ status, why, from }) => ({ time: from, note: `${status} since ${iso(from)}: ${why}` })),
    ...closed.map(({ status, why, from, until }) => ({ time: from, note: `${status} from ${iso(from)} to ${iso(until)}: ${why}` })),
  ];
  const more = evidence.length - mostNamed;
  return {
    id: digest(identifierLength, name),
    fingerprint: digest(identifierLength, [...name, 'alert']),
    detection: 'coverage-summary',
    strategy: 'coverage',
    title: 'What was not seen',
    severity: 'low',
    confidence: 'high',
    time: now,
    cluster: '',
    account,
    region,
    entity: { kind: 'log-source', id: '/coverage', name: 'all that is watched' },
    attack: [],
    summary: `Not seen: ${String(blind)}; not known whether seen: ${String(open.length - blind)}; over since yesterday: ${String(closed.length)}. Evidence names ${more > 0 ? `all but ${String(more)}` : 'each'}.`,
    evidence: evidence.slice(0, mostNamed),
    next: 'Run "npm run --silent coverage", which prints the commands that close each gap.',
    late: false,
    links: [],
  };
}

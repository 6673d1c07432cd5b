import type { Scope } from '../model/base.ts';
import type { Deed } from '../model/deed.ts';
import type { Entity } from '../model/entity.ts';
import { type Beats, beatsOf } from '../state/ledger-beats.ts';
import type { Telemetry } from '../state/ledger-codec.ts';
import type { HourSums } from '../state/ledger-hour.ts';
import { edgeKey, isOthers, isOutside, mainPods, type MinuteSum, type Pair, senderKey } from '../state/ledger-pair.ts';
import { type Past, type PastCalls, type PastView, total } from '../state/ledger-past.ts';
import { type PastHour, type Sums, sumsOf, unloggedShare } from '../state/ledger-summary.ts';
import { sendingOf } from './deed.ts';

/** What one sender and one destination exchanged in an hour, over all services. */
export interface PairHour extends Sums {
  readonly cluster: string;
  readonly from: Entity;
  readonly to: string;
  readonly toKind: Pair['to']['kind'];
  /** The AWS service at the destination, else where it lies. */
  readonly reach: string;
  /** Whether it leaves: to the internet or to AWS. */
  readonly outside: boolean;
  readonly pods: readonly string[];
  /** The services apart, the busiest first. */
  readonly services: readonly Service[];
  readonly past: PastView;
  /** Who calls the destination, whatever the service. */
  readonly calls: PastCalls;
}

/** A service that was called. */
export interface Service extends Sums {
  readonly protocol: number;
  readonly port: number;
  /** By minute of the hour. */
  readonly minutes: ReadonlyMap<number, MinuteSum>;
}

/** What one sender and one service at one destination exchanged in an hour. */
export interface ServiceHour extends PairHour, Service {
  /** The hours in a row that end with this one, the oldest first. */
  readonly beats: readonly Beats[];
}

/** What one sender exchanged with all destinations in an hour. */
export interface SenderHour extends Sums {
  readonly cluster: string;
  readonly from: Entity;
  readonly pods: readonly string[];
  readonly pairs: readonly PairHour[];
  readonly past: PastView;
}

/** How well interfaces were logged in an hour. */
export interface TelemetryHour extends Telemetry {
  readonly cluster: string;
  /** Share of the minutes of interfaces that were not logged. */
  readonly unlogged: number;
  /** The same share in the hours before. */
  readonly before: readonly number[];
}

/** What a roll-up may judge. */
export interface Subjects {
  readonly pair: PairHour;
  readonly service: ServiceHour;
  readonly sender: SenderHour;
  readonly telemetry: TelemetryHour;
}

/** A subject, what is said of it as evidence, and the pairs of the ledger that it is made of. */
export interface Subject<K extends keyof Subjects> {
  readonly subject: Subjects[K];
  readonly from?: Entity;
  readonly pods: readonly string[];
  readonly note: string;
  readonly deed?: Deed;
  readonly members: readonly Pair[];
}

/** Everything that can be judged of an hour. Made once for all roll-ups. */
export interface HourView {
  readonly pair: readonly Subject<'pair'>[];
  readonly service: readonly Subject<'service'>[];
  readonly sender: readonly Subject<'sender'>[];
  readonly telemetry: readonly Subject<'telemetry'>[];
}

/** The views of an hour, with what came before it. */
export function viewHour(
  { cluster }: Scope,
  start: number,
  { pairs: all, telemetry }: HourSums,
  hours: readonly PastHour[],
  past: Past,
): HourView {
  const pairs = all.filter((pair) => !isOthers(pair));
  const callers = callersIn(pairs);
  const edges = [...Map.groupBy(pairs, ({ from, to }) => edgeKey(from, to)).values()];
  const pair = edges.flatMap((members) => pairSubjects(cluster, members, past, callers));
  const bySender = Map.groupBy(pair, ({ subject }) => senderKey(subject.from));
  return {
    pair,
    service: pairs.map((member) => serviceSubject(cluster, member, start, past, callers)),
    sender: [...bySender.values()].flatMap((some) => senderSubjects(cluster, some, past)),
    telemetry: [telemetrySubject(cluster, telemetry, hours)],
  };
}

/** Who calls a pair's destination in this hour. */
type Callers = (pair: Pair) => ReadonlySet<string>;

function callersIn(pairs: readonly Pair[]): Callers {
  const byDestination = new Map<string, Set<string>>();
  for (const { from, to } of pairs) byDestination.set(to.name, (byDestination.get(to.name) ?? new Set()).add(senderKey(from)));
  return ({ to }) => byDestination.get(to.name) ?? new Set();
}

function pairSubjects(cluster: string, members: readonly Pair[], past: Past, callers: Callers): Subject<'pair'>[] {
  const [first] = members;
  if (first === undefined) return [];
  const plain = plainPair(cluster, first, members);
  const subject: PairHour = {
    ...plain,
    get past() {
      return past.ofEdge(first);
    },
    get calls() {
      return past.callsOf(first, callers(first));
    },
  };
  const { from, to } = first;
  const note = `${from.name} ${sentText(plain)} to ${to.name}`;
  return [{ subject, from, pods: plain.pods, note, deed: sendingOf(from, plain.pods, to, plain.bytes), members }];
}

function plainPair(cluster: string, { from, to }: Pair, members: readonly Pair[]): Omit<PairHour, 'past' | 'calls'> {
  return {
    ...total(members.map(sumsOf)),
    cluster,
    from,
    to: to.name,
    toKind: to.kind,
    reach: to.reach,
    outside: isOutside(to),
    pods: podsOf(members),
    services: members.map(serviceOf).sort((one, other) => other.bytes - one.bytes || one.port - other.port),
  };
}

function serviceOf(pair: Pair): Service {
  const { protocol, port, minutes } = pair;
  return { ...sumsOf(pair), protocol, port, minutes };
}

function serviceSubject(cluster: string, member: Pair, start: number, past: Past, callers: Callers): Subject<'service'> {
  const plain = plainPair(cluster, member, [member]);
  const subject: ServiceHour = {
    ...plain,
    ...serviceOf(member),
    get past() {
      return past.ofPair(member);
    },
    get calls() {
      return past.callsOf(member, callers(member));
    },
    get beats() {
      return [...past.entriesOf(member).map(({ beats }) => beats), beatsOf(member, start)];
    },
  };
  const { from, to, port } = member;
  const note = `${from.name} ${sentText(plain)} to ${to.name}, port ${String(port)}`;
  return { subject, from, pods: plain.pods, note, deed: sendingOf(from, plain.pods, to, plain.bytes), members: [member] };
}

function senderSubjects(cluster: string, edges: readonly Subject<'pair'>[], past: Past): Subject<'sender'>[] {
  const members = edges.flatMap((edge) => edge.members);
  const [first] = members;
  if (first === undefined) return [];
  const { from } = first;
  const sums = total(edges.map(({ subject }) => subject));
  const pods = podsOf(members);
  const subject: SenderHour = {
    ...sums,
    cluster,
    from,
    pods,
    pairs: edges.map((edge) => edge.subject),
    get past() {
      return past.ofSender(first);
    },
  };
  const all = `${String(edges.length)} destinations`;
  const note = `${from.name} ${sentText(sums)} to ${all}; ${String(sums.rejected)} connections were refused`;
  return [{ subject, from, pods, note, deed: sendingOf(from, pods, { kind: 'network', name: all }, sums.bytes), members }];
}

function telemetrySubject(cluster: string, telemetry: Telemetry, hours: readonly PastHour[]): Subject<'telemetry'> {
  const unlogged = unloggedShare(telemetry);
  const before = hours.map((hour) => hour.unlogged);
  const note = `${String(telemetry.skipped.size)} interfaces were not fully logged`;
  return { subject: { ...telemetry, cluster, unlogged, before }, pods: [], note, members: [] };
}

/** Pods named with a finding: enough to link it to what else they did. */
const mostPods = 5;

function podsOf(members: readonly Pair[]): readonly string[] {
  const pods = new Map<string, number>();
  for (const member of members) for (const [pod, weight] of member.pods) pods.set(pod, (pods.get(pod) ?? 0) + weight);
  return mainPods({ pods }, mostPods).map(([pod]) => pod);
}

function sentText({ bytes, packets }: Sums): string {
  return `sent ${String(bytes)} bytes in ${String(packets)} packets`;
}

import type { Direction, Protocol } from '../../knowledge/network-policy/policy.ts';
import { type End, judgeSide, type PodTraits } from '../../knowledge/network-policy/verdict.ts';
import { lateness } from '../../model/base.ts';
import type { Attribution, FlowEvent, FlowReply, Forbidden, Peer } from '../../model/flow.ts';
import { minute } from '../../model/time.ts';
import type { NamespaceRecord } from './record.ts';

/** A conversation that policies may forbid. */
export interface Case {
  readonly event: FlowEvent;
  /** All that the verdict rests on besides time, policies, and whether it was answered. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly namespaces: readonly string[];
  /** The directions in which policies may close one of its ends. */
  readonly directions: readonly Direction[];
}

/**
 * Before it, other policies may have been in force at the nodes: they are applied within minutes, records cover up to ten, and a change
 * may be told as late as the lateness bound.
 */
const applied = lateness.audit;
/** After it, a change did not count for the minute that a conversation is noted in. */
const ahead = 2 * minute;
/** Younger pods may send before their policies are applied to them, and have the address of one that just ended. */
const youngFor = 3 * minute;
/** Of namespaces that change this often nobody can say what was in force. */
const mostChanges = 20;

/** The case that a conversation is; absent where no policy can forbid it for certain. */
export function caseOf(event: FlowEvent, closable: (namespace: string) => boolean): Case | undefined {
  const { from, to, initiator, responder, time, accepted } = event;
  // A pod may always talk to its own node.
  const egress = from.basis === 'pod' && closable(from.namespace) && !(to.basis === 'node' && to.node === from.node);
  const ingress = to.basis === 'pod' && closable(to.namespace) && isKnown(from, initiator);
  if (!accepted || !(egress || ingress) || initiator.address === responder.address) return undefined;
  const protocol = protocolOf(event);
  if (protocol === undefined || !isSettled(from, time) || !isSettled(to, time)) return undefined;
  if (from.basis === 'pod' && to.basis === 'pod' && from.pod === to.pod && from.namespace === to.namespace) return undefined;
  const directions: readonly Direction[] = egress ? (ingress ? both : outward) : inward;
  const name = `${endName(from, initiator)} ${endName(to, responder)} ${protocol} ${String(event.port)}`;
  return {
    event,
    name,
    protocol,
    namespaces: [from, to].flatMap(({ basis, namespace }) => (basis === 'pod' ? [namespace] : [])),
    directions,
  };
}

const outward: readonly Direction[] = ['egress'];
const inward: readonly Direction[] = ['ingress'];
const both: readonly Direction[] = ['egress', 'ingress'];

/** The case as far as traffic shows that it was let through; absent where it does not. */
export function shownBy(one: Case, answers: Answers): Case | undefined {
  // What a node keeps from its pods has passed the node's interface: only an answer tells that it was not kept.
  if (!one.directions.includes('ingress') || answers.has(one.event)) return one;
  return one.directions.includes('egress') ? { ...one, directions: outward } : undefined;
}

/** Ports at which both ends listen: a line does not tell who asked. Source: IANA service names and port numbers. */
const symmetric: ReadonlySet<number> = new Set([123, 137, 138, 500, 520, 521]);
const firstUserPort = 1_024;

/** The protocol of a conversation whose initiator is certain: a handshake was seen, or a well-known port was asked. */
function protocolOf({ protocol, attempts, port }: FlowEvent): Protocol | undefined {
  if (protocol === 6) return attempts > 0 ? 'TCP' : undefined;
  return protocol === 17 && port > 0 && port < firstUserPort && !symmetric.has(port) ? 'UDP' : undefined;
}

function isSettled({ basis, since, labels }: Attribution, time: number): boolean {
  return basis !== 'pod' || (labels !== undefined && since !== undefined && since <= time - youngFor);
}

/** Nodes probe their pods and speak for what was addressed to them; an address of the VPC that nobody has may be one. */
function isKnown({ basis }: Attribution, peer: Peer): boolean {
  return basis === 'pod' || isOutside(peer);
}

function isOutside({ reach }: Peer): boolean {
  return reach === 'public' || reach === 'aws' || reach === 'named';
}

/** Which conversations of a payload were answered, as told by the lines of the called ends. */
export class Answers {
  private readonly replies: readonly FlowReply[];
  private names: Set<string> | undefined;

  constructor(replies: readonly FlowReply[]) {
    this.replies = replies;
  }

  has(event: FlowEvent): boolean {
    this.names ??= new Set(this.replies.map((reply) => exchangeName(reply, reply.time)));
    return this.names.has(exchangeName(event, event.time)) || this.names.has(exchangeName(event, event.time + minute));
  }
}

function exchangeName({ initiator, responder, port, protocol }: FlowEvent | FlowReply, time: number): string {
  return `${String(time)} ${initiator.address} ${responder.address} ${String(port)}/${String(protocol)}`;
}

function endName({ basis, namespace, pod }: Attribution, { address }: Peer): string {
  return basis === 'pod' ? `${namespace}/${pod} ${address}` : address;
}

type Records = ReadonlyMap<string, NamespaceRecord>;

/** The policies that forbid a case, whichever of those of its minutes were applied. */
export function forbiddenBy(one: Case, records: Records): Forbidden | undefined {
  const { event, namespaces } = one;
  const [since, until] = [event.time - applied, event.time + ahead];
  const moments = new Set([since, ...namespaces.flatMap((name) => records.get(name)?.changes(since, until) ?? [])]);
  if (moments.size > mostChanges) return undefined;
  for (const direction of one.directions) {
    // Most often nothing changed, and what is open now closes the matter.
    if (verdictAt(one, direction, since, records)?.answer !== 'forbidden') continue;
    const verdicts = [...moments].sort((first, second) => first - second).map((moment) => verdictAt(one, direction, moment, records));
    const policies = verdicts.at(-1)?.policies ?? [];
    if (verdicts.every((verdict) => verdict?.answer === 'forbidden'))
      return { end: direction === 'egress' ? 'initiator' : 'responder', policies };
  }
  return undefined;
}

function verdictAt({ event, protocol }: Case, direction: Direction, moment: number, records: Records) {
  const { from, to, initiator, responder, port } = event;
  const [own, other, peer] = direction === 'egress' ? [from, to, responder] : [to, from, initiator];
  const pod = traitsAt(own, moment, records);
  const policies = records.get(own.namespace)?.stateAt(moment).policies;
  if (pod === undefined || policies === undefined) return undefined;
  return judgeSide(direction, policies, pod, endAt(other, peer, moment, records), { protocol, port });
}

function traitsAt({ namespace, labels }: Attribution, moment: number, records: Records): PodTraits | undefined {
  const state = records.get(namespace)?.stateAt(moment);
  return labels && state && { namespace, namespaceLabels: state.labels, labels: { known: labels, complete: true } };
}

function endAt(holder: Attribution, peer: Peer, moment: number, records: Records): End {
  const { address } = peer;
  if (holder.basis === 'pod') return { address, pod: traitsAt(holder, moment, records) ?? 'unknown' };
  return { address, pod: isOutside(peer) ? 'none' : 'unknown' };
}

/** Whether the verdict on a case stays as it is until policies change. */
export function isSteady({ event, namespaces }: Case, records: Records): boolean {
  return namespaces.every((name) => records.get(name)?.changes(event.time - applied, Infinity).length === 0);
}

import { all, any, type Answer } from './answer.ts';
import type { Direction, Policy, Ports, Protocol, Rule, Whom } from './policy.ts';
import { covers } from './range.ts';
import { type Labels, selects } from './selector.ts';

/** A pod as policies see it. */
export interface PodTraits {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
}

/** One end of a connection: what stands behind its address, if that is known. */
export interface End {
  readonly address: string;
  /** `none` for what is no pod of the cluster, `unknown` for what may be one. */
  readonly pod: PodTraits | 'none' | 'unknown';
}

/** The port that a connection is made to. */
export interface Door {
  readonly protocol: Protocol;
  readonly port: number;
}

/** What policies say of a connection in one direction. */
export interface Verdict {
  readonly answer: 'allowed' | 'forbidden' | 'unknown';
  /** `NAMESPACE/NAME` of the policies that close the pod, where it is forbidden. */
  readonly policies: readonly string[];
}

const allowed: Verdict = { answer: 'allowed', policies: [] };
const unknown: Verdict = { answer: 'unknown', policies: [] };

/**
 * Judges a connection at one of its ends by all policies of that end's namespace. Policies add up: a pod that any of them
 * isolates is closed but for what at least one of those that isolate it lets through. "Forbidden" and "allowed" are said only
 * where nothing that is unknown could turn them. Source: Kubernetes documentation, "Network Policies".
 */
export function judgeSide(direction: Direction, policies: readonly Policy[], pod: PodTraits, peer: End, door: Door): Verdict {
  const closing: string[] = [];
  let mayClose = false;
  let mayPermit = false;
  let permitsWhereItCloses = true;
  for (const policy of policies) {
    const side = policy[direction];
    const closes = policy.namespace === pod.namespace ? all([selects(policy.pods, pod.labels), side.isolates]) : false;
    if (closes === false) continue;
    mayClose = true;
    const permits = permitsAny(side.rules, policy.namespace, peer, door);
    if (closes === true && permits === true) return allowed;
    if (closes === true) closing.push(policy.name);
    if (permits !== false) mayPermit = true;
    if (permits !== true) permitsWhereItCloses = false;
  }
  if (!mayClose || permitsWhereItCloses) return allowed;
  return closing.length > 0 && !mayPermit ? { answer: 'forbidden', policies: closing.sort() } : unknown;
}

function permitsAny(rules: readonly (Rule | undefined)[], namespace: string, peer: End, door: Door): Answer {
  let found: Answer = false;
  for (const rule of rules) {
    const permits = permitsBy(rule, namespace, peer, door);
    if (permits === true) return true;
    found = any([found, permits]);
  }
  return found;
}

/** Whether a rule lets a connection through. */
function permitsBy(rule: Rule | undefined, namespace: string, peer: End, door: Door): Answer {
  if (rule === undefined) return undefined;
  const port = rule.ports === undefined ? true : any(rule.ports.map((ports) => leadsTo(ports, door)));
  if (port === false || rule.whom === undefined) return port;
  let found: Answer = false;
  for (const whom of rule.whom) {
    const meant = means(whom, namespace, peer);
    if (meant === true) return port;
    found = any([found, meant]);
  }
  return all([port, found]);
}

function leadsTo(ports: Ports | undefined, { protocol, port }: Door): Answer {
  if (ports === undefined) return undefined;
  if (ports.protocol !== protocol) return false;
  if (ports.named !== '') return undefined;
  return ports.range === undefined || (port >= ports.range[0] && port <= ports.range[1]);
}

function means(whom: Whom, namespace: string, { address, pod }: End): Answer {
  if (whom.kind === 'unreadable') return undefined;
  if (whom.kind === 'range') return covers(whom.range, address);
  if (pod === 'none') return false;
  if (pod === 'unknown') return undefined;
  const home = whom.namespaces === undefined ? pod.namespace === namespace : selects(whom.namespaces, pod.namespaceLabels);
  return all([home, whom.pods === undefined ? true : selects(whom.pods, pod.labels)]);
}

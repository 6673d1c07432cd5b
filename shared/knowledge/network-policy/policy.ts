import { object, text } from '../../model/json.ts';
import type { Answer } from './answer.ts';
import { type Range, rangeOf } from './range.ts';
import { type Selector, selectorOf } from './selector.ts';

/** Protocols that policies know. */
export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** Ports of one protocol. */
export interface Ports {
  readonly protocol: Protocol;
  /** First and last; absent for all ports. */
  readonly range: readonly [first: number, last: number] | undefined;
  /** A port of a container by its name: its number is the pod's to say. */
  readonly named: string;
}

/** Whom a rule names. What cannot be read may be anybody. */
export type Whom =
  | { readonly kind: 'range'; readonly range: Range }
  | { readonly kind: 'pods'; readonly pods: Selector | undefined; readonly namespaces: Selector | undefined }
  | { readonly kind: 'unreadable' };

/** One way through: these peers, on these ports. */
export interface Rule {
  /** Absent for everybody. */
  readonly whom: readonly Whom[] | undefined;
  /** Absent for every port; a member that is absent cannot be read. */
  readonly ports: readonly (Ports | undefined)[] | undefined;
}

/** One direction of a policy. */
export interface Side {
  /** Whether the pods it selects are closed in this direction but for the rules. */
  readonly isolates: Answer;
  readonly rules: readonly (Rule | undefined)[];
}

/** A direction, seen from the pod that the policy selects. */
export type Direction = 'ingress' | 'egress';

/** A NetworkPolicy, read. */
export interface Policy {
  /** `NAMESPACE/NAME`. */
  readonly name: string;
  readonly namespace: string;
  readonly pods: Selector;
  readonly ingress: Side;
  readonly egress: Side;
}

const anything: Side = { isolates: undefined, rules: [undefined] };

/** A policy of which nothing is known but that there may be one. */
export function unseenPolicy(namespace: string, name = ''): Policy {
  return { name: `${namespace}/${name}`, namespace, pods: { requirements: [], unreadable: true }, ingress: anything, egress: anything };
}

/** Reads the spec of a NetworkPolicy. Source: Kubernetes API, `networking.k8s.io/v1`. */
export function policyOf(namespace: string, name: string, value: unknown): Policy {
  const spec = object(value);
  if (spec === undefined) return unseenPolicy(namespace, name);
  return {
    name: `${namespace}/${name}`,
    namespace,
    pods: selectorOf(spec['podSelector'] ?? {}),
    ingress: { isolates: isolates(spec, 'Ingress'), rules: rulesOf(spec['ingress'], 'from') },
    egress: { isolates: isolates(spec, 'Egress'), rules: rulesOf(spec['egress'], 'to') },
  };
}

/** Without types, a policy is one of ingress, and of egress too where it has rules for it. */
function isolates(spec: Readonly<Record<string, unknown>>, type: 'Ingress' | 'Egress'): Answer {
  const types = spec['policyTypes'] ?? [];
  if (!Array.isArray(types)) return undefined;
  if (types.includes(type)) return true;
  if (types.length > 0) return types.every((other) => other === 'Ingress' || other === 'Egress') ? false : undefined;
  if (type === 'Ingress') return true;
  const rules = spec['egress'];
  if (rules === undefined || rules === null) return false;
  // The documentation speaks of an egress section, the API server of one with rules in it.
  return Array.isArray(rules) && rules.length > 0 ? true : undefined;
}

function rulesOf(value: unknown, peers: 'from' | 'to'): readonly (Rule | undefined)[] {
  const rules = value ?? [];
  if (!Array.isArray(rules)) return [undefined];
  return rules.map((member: unknown) => {
    const rule = object(member);
    if (rule === undefined) return undefined;
    const [whom, ports] = [rule[peers] ?? [], rule['ports'] ?? []];
    if (!Array.isArray(whom) || !Array.isArray(ports)) return undefined;
    return {
      whom: whom.length === 0 ? undefined : whom.map(whomOf),
      ports: ports.length === 0 ? undefined : ports.map(portsOf),
    };
  });
}

function whomOf(value: unknown): Whom {
  const peer = object(value);
  const [block, pods, namespaces] = [
    peer?.['ipBlock'] ?? undefined,
    peer?.['podSelector'] ?? undefined,
    peer?.['namespaceSelector'] ?? undefined,
  ];
  if (block !== undefined) {
    const range = pods === undefined && namespaces === undefined ? rangeOf(block) : undefined;
    return range === undefined ? { kind: 'unreadable' } : { kind: 'range', range };
  }
  if (pods === undefined && namespaces === undefined) return { kind: 'unreadable' };
  return { kind: 'pods', pods: pods && selectorOf(pods), namespaces: namespaces && selectorOf(namespaces) };
}

const protocols: ReadonlySet<string> = new Set<Protocol>(['TCP', 'UDP', 'SCTP']);
const lastPort = 65_535;

function portsOf(value: unknown): Ports | undefined {
  const given = object(value);
  const protocol = text(given?.['protocol'] ?? 'TCP');
  if (given === undefined || protocol === undefined || !protocols.has(protocol)) return undefined;
  const kept = { protocol: protocol as Protocol, named: '' };
  const first = given['port'] ?? undefined;
  const last = given['endPort'] ?? undefined;
  if (first === undefined) return last === undefined ? { ...kept, range: undefined } : undefined;
  if (typeof first === 'string') return last === undefined && first !== '' ? { ...kept, range: undefined, named: first } : undefined;
  if (!isPort(first) || (last !== undefined && !(isPort(last) && last >= first))) return undefined;
  return { ...kept, range: [first, last ?? first] };
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= lastPort;
}

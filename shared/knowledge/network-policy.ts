import type { AuditEvent } from '../model/audit.ts';
import { type JsonObject, at, list, object, text, texts } from '../model/json.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import { shorten } from './shorten.ts';

/** The newest versions of every NetworkPolicy. */
export const policies: Snapshot<AuditEvent> = snapshot({
  id: 'network-policy',
  key: ({ target, name }) => (name === '' ? undefined : [target.resource, target.namespace, name]),
  value: (event) => (event.allowed && !event.dryRun && !event.verb.startsWith('delete') ? object(at(event.result, 'spec')) : undefined),
});

type Direction = 'Ingress' | 'Egress';

/** One way in which a policy lets everybody through. */
export interface Opening {
  /** Equal in two versions of a policy where nothing about it changed. */
  readonly id: string;
  /** After "it". */
  readonly words: string;
  /** Only some ports are open. */
  readonly limited: boolean;
}

/** A NetworkPolicy's spec, read. */
export interface PolicyReach {
  /** It covers all pods of the namespace. */
  readonly wide: boolean;
  /** Directions in which the pods it covers are closed but for its rules. */
  readonly isolates: readonly Direction[];
  readonly openings: readonly Opening[];
}

/** Reads a NetworkPolicy. Source: Kubernetes documentation, "Network Policies". */
export function policyReach(spec: JsonObject): PolicyReach {
  const named = texts(spec['policyTypes']).filter((type): type is Direction => type === 'Ingress' || type === 'Egress');
  const implied: readonly Direction[] = Array.isArray(spec['egress']) ? ['Ingress', 'Egress'] : ['Ingress'];
  const isolates = named.length > 0 ? named : implied;
  return {
    wide: selectsAll(spec['podSelector']),
    isolates,
    openings: isolates.flatMap((direction) => list(spec[direction.toLowerCase()]).flatMap((rule) => openingsOf(direction, rule))),
  };
}

function openingsOf(direction: Direction, rule: unknown): readonly Opening[] {
  const ports = list(at(rule, 'ports'));
  if (ports.length > 0 && direction === 'Egress' && ports.every((port) => at(port, 'port') === 53)) return [];
  const sides = list(at(rule, direction === 'Ingress' ? 'from' : 'to'));
  const everybody =
    sides.length === 0
      ? [direction === 'Ingress' ? 'from everywhere' : 'to everywhere']
      : sides.flatMap((side) => everybodyIn(direction, side) ?? []);
  const limited = ports.length > 0;
  const portText = limited ? ` on ${shorten(ports.map(portName).join(', '))}` : '';
  return everybody.map((whom) => ({
    id: `${direction} ${whom}${portText}`,
    words: `opens ${direction.toLowerCase()} ${whom}${portText}`,
    limited,
  }));
}

/** A side of a rule that stands for everybody; absent where it does not. */
function everybodyIn(direction: Direction, side: unknown): string | undefined {
  const word = direction === 'Ingress' ? 'from' : 'to';
  const cidr = text(at(side, 'ipBlock', 'cidr'));
  if (cidr !== undefined) return isWorldwide(cidr) ? `${word} ${shorten(cidr)}` : undefined;
  const anyPod = at(side, 'podSelector') === undefined || selectsAll(at(side, 'podSelector'));
  return anyPod && selectsAll(at(side, 'namespaceSelector')) ? `${word} every namespace` : undefined;
}

/** Half of all addresses, or a quarter, is still everybody: `0.0.0.0/1` and `128.0.0.0/1` say the same as `0.0.0.0/0`. */
export function isWorldwide(cidr: string): boolean {
  const [address = '', prefix = ''] = cidr.split('/');
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (address.includes(':') ? 3 : 4);
}

/** The shortest prefix of a list of ranges, as of an IPv4 address; 32 where there is none. */
export function broadestOf(ranges: readonly string[]): number {
  const prefixes = ranges.flatMap((range) => {
    const [address = '', prefix = ''] = range.split('/');
    return /^\d{1,3}$/.test(prefix) ? [address.includes(':') ? Number(prefix) / 4 : Number(prefix)] : [];
  });
  return Math.min(32, ...prefixes);
}

/** A selector without requirements selects everything; one that is absent selects nothing. */
function selectsAll(selector: unknown): boolean {
  const wanted = object(selector);
  if (wanted === undefined) return false;
  return Object.keys(object(wanted['matchLabels']) ?? {}).length === 0 && list(wanted['matchExpressions']).length === 0;
}

function portName(port: unknown): string {
  const [first, last] = [at(port, 'port'), at(port, 'endPort')].map((value) =>
    typeof value === 'number' || typeof value === 'string' ? String(value) : '',
  );
  return `port ${first || 'any'}${last ? `-${last}` : ''}`;
}

/** What a policy lets through that its previous version did not. */
export function newOpenings(spec: JsonObject, previous: JsonObject | undefined): readonly Opening[] {
  const now = policyReach(spec);
  if (previous === undefined) return now.openings;
  const before = policyReach(previous);
  const known = new Set(before.openings.map(({ id }) => id));
  const dropped = before.isolates.filter((direction) => !now.isolates.includes(direction));
  const narrowed =
    before.wide && !now.wide ? [{ id: 'narrowed', words: 'no longer covers all pods of the namespace', limited: false }] : [];
  return [
    ...now.openings.filter(({ id }) => !known.has(id)),
    ...dropped.map((direction) => ({
      id: `dropped ${direction}`,
      words: `no longer restricts ${direction.toLowerCase()}`,
      limited: false,
    })),
    ...narrowed,
  ];
}

/** What a policy did, for text. */
export function policyText(spec: JsonObject): string {
  const { wide, isolates, openings } = policyReach(spec);
  const closed = openings.every(({ limited }) => limited);
  return `restricted ${isolates.join(' and ').toLowerCase()} of ${wide ? 'all pods' : 'some pods'}${closed ? '' : ' with open rules'}`;
}

import { isSensitivePort } from '../service-port.ts';
import { shorten } from '../shorten.ts';
import type { Direction, Policy, Ports, Whom } from './policy.ts';
import { type Selector, selectorText } from './selector.ts';

/** A way that a policy opens: whom to, on which ports. */
export interface Way {
  /** After "it". */
  readonly words: string;
  /** From or to beyond the namespace, on every port or on one behind which data lies. */
  readonly grave: boolean;
}

interface Atom {
  readonly direction: Direction;
  /** Absent for everybody. */
  readonly whom: Whom | undefined;
  /** Absent for every port. */
  readonly ports: Ports | undefined;
}

/**
 * The ways between pods, namespaces and ranges that a policy opens and its previous version did not, and the pods it no longer
 * covers. What cannot be read opens nothing that could be named.
 */
export function newWays(now: Policy, before: Policy): readonly Way[] {
  const ways = (['ingress', 'egress'] as const).flatMap((direction) => {
    // Where it did not close anything, a rule opens nothing.
    if (now[direction].isolates !== true || before[direction].isolates !== true) return [];
    const known = atomsOf(before, direction);
    return atomsOf(now, direction).filter((atom) => !isDns(atom) && !known.some((other) => includes(other, atom)));
  });
  const told = new Map(ways.map((way) => [wordsOf(way, now), { words: wordsOf(way, now), grave: isGrave(way) }]));
  const readable = !now.pods.unreadable && !before.pods.unreadable;
  const lost =
    readable && !includesAll(now.pods, before.pods)
      ? [
          {
            words: `no longer covers ${podsText(before.pods)}${now.pods.requirements.length === 0 ? '' : ` but ${podsText(now.pods)}`}`,
            grave: true,
          },
        ]
      : [];
  return [...told.values(), ...lost];
}

function atomsOf(policy: Policy, direction: Direction): readonly Atom[] {
  return policy[direction].rules.flatMap((rule) =>
    rule === undefined
      ? []
      : (rule.whom ?? [undefined]).flatMap((whom) =>
          (rule.ports ?? [null]).flatMap((ports) => (ports === undefined ? [] : [{ direction, whom, ports: ports ?? undefined }])),
        ),
  );
}

function includes(wide: Atom, narrow: Atom): boolean {
  const whom = wide.whom === undefined || (narrow.whom !== undefined && includesWhom(wide.whom, narrow.whom));
  return whom && (wide.ports === undefined || (narrow.ports !== undefined && includesPorts(wide.ports, narrow.ports)));
}

function includesWhom(wide: Whom, narrow: Whom): boolean {
  if (wide.kind === 'range' && narrow.kind === 'range') return wide.range.text === narrow.range.text;
  if (wide.kind !== 'pods' || narrow.kind !== 'pods') return false;
  const { namespaces, pods } = wide;
  const own = narrow.namespaces === undefined;
  const homes = namespaces === undefined ? own : includesAll(namespaces, narrow.namespaces ?? everything);
  return homes && (pods === undefined || includesAll(pods, narrow.pods ?? everything));
}

const everything: Selector = { requirements: [], unreadable: false };

/** Whether a selector asks for nothing that another does not ask for, too. */
function includesAll(wide: Selector, narrow: Selector): boolean {
  const asked = new Set(narrow.requirements.map((requirement) => selectorText({ requirements: [requirement], unreadable: false })));
  return wide.requirements.every((requirement) => asked.has(selectorText({ requirements: [requirement], unreadable: false })));
}

function includesPorts(wide: Ports, narrow: Ports): boolean {
  if (wide.protocol !== narrow.protocol) return false;
  if (wide.named !== '' || narrow.named !== '') return wide.named === narrow.named || (wide.named === '' && wide.range === undefined);
  return wide.range === undefined || (narrow.range !== undefined && wide.range[0] <= narrow.range[0] && narrow.range[1] <= wide.range[1]);
}

/** Every pod asks for addresses. */
function isDns({ direction, ports }: Atom): boolean {
  return direction === 'egress' && ports?.range?.[0] === 53 && ports.range[1] === 53;
}

/** Ranges of more ports than an application listens on are as good as all. */
const manyPorts = 1_000;

function isGrave({ whom, ports }: Atom): boolean {
  const within = whom?.kind === 'pods' && whom.namespaces === undefined;
  const { range } = ports ?? {};
  const many =
    ports?.named === undefined || (ports.named === '' && range === undefined) || (range !== undefined && range[1] - range[0] >= manyPorts);
  return !within && (many || range?.some(isSensitivePort) === true);
}

function wordsOf({ direction, whom, ports }: Atom, { pods }: Policy): string {
  const other = whom === undefined ? 'everybody' : whomText(whom);
  const covered = podsText(pods);
  return `${direction === 'ingress' ? `lets ${other} reach ${covered}` : `lets ${covered} reach ${other}`} on ${portsText(ports)}`;
}

function whomText(whom: Whom): string {
  if (whom.kind === 'range') return shorten(whom.range.text);
  if (whom.kind === 'unreadable') return 'something unreadable';
  if (whom.namespaces === undefined) return `${podsText(whom.pods)} of its namespace`;
  const homes = selectorText(whom.namespaces);
  return `${podsText(whom.pods)} of ${homes === '' ? 'every namespace' : `namespaces ${shorten(homes)}`}`;
}

function podsText(pods: Selector | undefined): string {
  const text = pods === undefined ? '' : selectorText(pods);
  return text === '' ? 'all pods' : `pods ${shorten(text)}`;
}

function portsText(ports: Ports | undefined): string {
  if (ports === undefined) return 'every port';
  if (ports.named !== '') return `${ports.protocol} port ${shorten(ports.named)}`;
  if (ports.range === undefined) return `every ${ports.protocol} port`;
  const [first, last] = ports.range;
  return `${ports.protocol} port ${String(first)}${last === first ? '' : `-${String(last)}`}`;
}

import type { Thing } from '../model/deed.ts';
import { graver, gravestFirst, type Severity } from '../model/finding.ts';
import { keyOf, type Touch } from './things.ts';

/** A box of the picture: a thing, or many alike. */
export interface Box {
  readonly key: string;
  readonly thing: Thing;
  /** Things it stands for. */
  readonly many: number;
  readonly severity: Severity;
  readonly column: number;
}

/** An arrow of the picture. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** What was done, and how often. */
  readonly did: ReadonlyMap<string, number>;
  /** The most that one record sums. */
  readonly bytes?: number;
  readonly severity: Severity;
}

/** Boxes in columns, and arrows between them. */
export interface Graph {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  /** Things that there was no room for. */
  readonly hidden: number;
}

/** What the columns hold, from left to right. */
export const columnNames = ['Called from', 'Identities', 'Workloads and pods', 'Objects and places', 'Addresses reached'] as const;

/** More things than this that are alike in all they touch are one box. */
const mostAlike = 3;
/** Boxes of a column. */
const mostBoxes = 9;

/** The picture of touches: whoever is alike is one, and the gravest come first where there is no room for all. */
export function graphOf(touches: readonly Touch[]): Graph {
  const alike = merged(touches, likenessOf(touches));
  const columns = columnsOf(alike);
  const ranked = [...columns].map(([key, column]) => ({ key, column, severity: severityOf(alike, key), times: timesOf(alike, key) }));
  ranked.sort((a, b) => gravestFirst.indexOf(a.severity) - gravestFirst.indexOf(b.severity) || b.times - a.times || compare(a.key, b.key));
  const kept = new Set([0, 1, 2, 3, 4].flatMap((column) => ranked.filter((box) => box.column === column).slice(0, mostBoxes)).map(({ key }) => key)); // prettier-ignore
  const arrows = [...alike.arrows.values()].filter(({ from, to }) => kept.has(from) && kept.has(to));
  const boxes = ranked.flatMap(({ key, column, severity }) => {
    const thing = alike.things.get(key);
    const linked = arrows.some(({ from, to }) => from === key || to === key);
    return thing === undefined || !kept.has(key) || !linked ? [] : [{ key, ...thing, severity, column }];
  });
  const all = [...alike.things.values()].reduce((sum, { many }) => sum + many, 0);
  return { boxes, arrows, hidden: all - boxes.reduce((sum, { many }) => sum + many, 0) };
}

interface Merged {
  readonly things: ReadonlyMap<string, { readonly thing: Thing; readonly many: number }>;
  readonly arrows: ReadonlyMap<string, Arrow>;
}

function merged(touches: readonly Touch[], likeness: ReadonlyMap<string, string>): Merged {
  const members = new Map<string, Map<string, Thing>>();
  const arrows = new Map<string, Arrow & { readonly did: Map<string, number> }>();
  const seen = new Set<string>();
  const boxOf = (thing: Thing): string => {
    const key = keyOf(thing);
    const box = likeness.get(key) ?? key;
    members.set(box, (members.get(box) ?? new Map<string, Thing>()).set(key, thing));
    return box;
  };
  for (const { from, to, did, severity, key, bytes } of touches) {
    const [start, end] = [boxOf(from), boxOf(to)];
    if (start === end) continue;
    const name = `${start}\n${end}`;
    const known: Arrow & { readonly did: Map<string, number> } = arrows.get(name) ?? {
      from: start,
      to: end,
      did: new Map<string, number>(),
      severity,
    };
    const most = bytes === undefined ? known.bytes : Math.max(bytes, known.bytes ?? 0);
    arrows.set(name, { ...known, severity: graver(known.severity, severity), ...(most === undefined ? {} : { bytes: most }) });
    const touch = `${name}\n${did}\n${key}`;
    if (!seen.has(touch)) known.did.set(did, (known.did.get(did) ?? 0) + 1);
    seen.add(touch);
  }
  const things = new Map(
    [...members].map(([box, some]) => {
      const [first = { kind: 'object', name: '' } as const] = some.values();
      return [box, { thing: some.size === 1 ? first : { kind: first.kind, name: familyOf(first) }, many: some.size }] as const;
    }),
  );
  return { things, arrows };
}

/** Things that are one box: of one family, with the same neighbours. */
function likenessOf(touches: readonly Touch[]): ReadonlyMap<string, string> {
  const near = new Map<string, { readonly thing: Thing; readonly neighbours: Set<string> }>();
  const note = (thing: Thing, neighbour: string): void => {
    const key = keyOf(thing);
    const known = near.get(key) ?? { thing, neighbours: new Set<string>() };
    known.neighbours.add(neighbour);
    near.set(key, known);
  };
  for (const { from, to } of touches) {
    note(from, `to ${keyOf(to)}`);
    note(to, `from ${keyOf(from)}`);
  }
  const groups = Map.groupBy(near, ([, { thing, neighbours }]) => [thing.kind, familyOf(thing), ...[...neighbours].sort()].join('\n'));
  const alike = [...groups].filter(([, group]) => group.length > mostAlike);
  return new Map(alike.flatMap(([name, group]) => group.map(([key]) => [key, `many ${name}`] as const)));
}

/** What a thing has in common with its like: the namespace and kind of an object, the network of an address. */
function familyOf({ kind, name }: Thing): string {
  if (kind === 'address' || kind === 'outside') {
    const [, network] = /^(\d+\.\d+\.\d+)\.\d+$/.exec(name) ?? [];
    return network === undefined ? name : `${network}.0/24`;
  }
  if (kind === 'object' || kind === 'pod') return name.split('/').slice(0, -1).join('/') || kind;
  return name;
}

function columnsOf({ things, arrows }: Merged): ReadonlyMap<string, number> {
  const kindOf = (key: string): Thing['kind'] => things.get(key)?.thing.kind ?? 'object';
  const isAtWork = (key: string): boolean => ['workload', 'pod'].includes(kindOf(key));
  return new Map(
    [...things.keys()].map((key) => {
      const reached = [...arrows.values()].filter(({ to }) => to === key);
      const acts = [...arrows.values()].some(({ from }) => from === key);
      const byWorkloads = reached.length > 0 && reached.every(({ from }) => isAtWork(from));
      switch (kindOf(key)) {
        case 'address':
          return [key, 0];
        case 'identity':
          return [key, 1];
        case 'workload':
        case 'pod':
          return [key, byWorkloads && !acts ? 3 : 2];
        case 'node':
        case 'object':
          return [key, 3];
        case 'outside':
          return [key, 4];
      }
    }),
  );
}

function touching({ arrows }: Merged, key: string): Arrow[] {
  return [...arrows.values()].filter(({ from, to }) => from === key || to === key);
}

function severityOf(all: Merged, key: string): Severity {
  return touching(all, key)
    .map(({ severity }) => severity)
    .reduce(graver, 'low');
}

function timesOf(all: Merged, key: string): number {
  return touching(all, key).reduce((sum, { did }) => sum + [...did.values()].reduce((a, b) => a + b, 0), 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

import type { Arrow, Box, Graph } from './graph.ts';

/** A box with its place. */
export interface PlacedBox extends Box {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** An arrow with its way: from point to point, level at each. */
export interface PlacedArrow extends Arrow {
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Whether both ends are in one column. */
  readonly loops: boolean;
}

/** A picture with places. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
  /** Where the columns that hold anything stand. */
  readonly columns: readonly { readonly column: number; readonly x: number }[];
}

/** Sizes of the picture, in its own units. */
export const boxWidth = 158;
const columnGap = 118;
const rowGap = 16;
const portGap = 15;
const least = 40;
const passing = 14;
const top = 34;
const sweeps = 6;

/** A place in a column: a box, or where an arrow passes between boxes. */
interface Slot {
  readonly key: string;
  readonly box?: Box;
  readonly column: number;
  readonly before: Slot[];
  readonly after: Slot[];
  order: number;
  y: number;
  height: number;
}

/** Columns from left to right, few crossings, the same for the same picture: boxes are moved to where their neighbours are. */
export function layOut({ boxes, arrows }: Graph): Layout {
  const used = [...new Set(boxes.map(({ column }) => column))].sort((a, b) => a - b);
  const slots = new Map(boxes.map((box) => [box.key, slotOf(box.key, used.indexOf(box.column), box)]));
  const ways = arrows.map((arrow) => ({ arrow, way: wayOf(arrow, slots) }));
  const all = [...new Set([...slots.values(), ...ways.flatMap(({ way }) => way)])];
  for (const { way } of ways)
    for (const [index, slot] of way.slice(1).entries()) {
      const previous = way[index];
      if (previous === undefined || previous.column === slot.column) continue;
      previous.after.push(slot);
      slot.before.push(previous);
    }
  const columns = used.map((_, column) => all.filter((slot) => slot.column === column));
  order(columns);
  const height = place(columns);
  const x = (column: number): number => column * (boxWidth + columnGap);
  const ports = portsOf(ways);
  return {
    width: Math.max(1, used.length) * boxWidth + Math.max(0, used.length - 1) * columnGap + (ways.some(({ way }) => isLoop(way)) ? 70 : 0),
    height,
    boxes: [...slots.values()].flatMap(({ box, column, y, height: tall }) =>
      box === undefined ? [] : [{ ...box, x: x(column), y, height: tall }],
    ),
    arrows: ways.map(({ arrow, way }) => ({
      ...arrow,
      loops: isLoop(way),
      points: way.flatMap((slot, index): (readonly [number, number])[] => {
        const port = ports.get(`${arrow.from}\n${arrow.to}\n${String(index)}`);
        if (slot.box === undefined) return [x(slot.column), x(slot.column) + boxWidth].map((at) => [at, slot.y + passing / 2]);
        const leaves = index === 0 || isLoop(way);
        return [[x(slot.column) + (leaves ? boxWidth : 0), slot.y + (port ?? slot.height / 2)]];
      }),
    })),
    columns: used.map((column, index) => ({ column, x: x(index) })),
  };
}

function slotOf(key: string, column: number, box?: Box): Slot {
  return { key, column, before: [], after: [], order: 0, y: 0, height: passing, ...(box === undefined ? {} : { box, height: least }) };
}

function wayOf({ from, to }: Arrow, slots: ReadonlyMap<string, Slot>): Slot[] {
  const [start, end] = [slots.get(from), slots.get(to)];
  if (start === undefined || end === undefined) return [];
  const between = Array.from({ length: Math.max(0, end.column - start.column - 1) }, (_, index) =>
    slotOf(`${from}\n${to}\n${String(index)}`, start.column + 1 + index),
  );
  return [start, ...between, end];
}

function isLoop(way: readonly Slot[]): boolean {
  return way[0]?.column === way.at(-1)?.column;
}

/** Sorts each column by the middle of its neighbours, to and fro. */
function order(columns: readonly Slot[][]): void {
  const number = (column: readonly Slot[]): void => {
    for (const [index, slot] of column.entries()) slot.order = index / Math.max(1, column.length - 1);
  };
  columns.forEach(number);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const forward = sweep % 2 === 0;
    for (const column of forward ? columns : columns.toReversed()) {
      const middle = new Map(column.map((slot) => [slot, middleOf(forward ? slot.before : slot.after, slot.order)]));
      column.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0) || a.order - b.order || (a.key < b.key ? -1 : 1));
      number(column);
    }
  }
}

function middleOf(neighbours: readonly Slot[], otherwise: number): number {
  return neighbours.length === 0 ? otherwise : neighbours.reduce((sum, { order: at }) => sum + at, 0) / neighbours.length;
}

/** Gives each slot its height and place; returns the height of all. */
function place(columns: readonly (readonly Slot[])[]): number {
  for (const slot of columns.flat())
    if (slot.box !== undefined) slot.height = Math.max(least, 12 + portGap * Math.max(slot.before.length, slot.after.length));
  const heights = columns.map((column) => column.reduce((sum, { height }) => sum + height + rowGap, 0));
  const tallest = Math.max(least, ...heights);
  for (const [index, column] of columns.entries()) {
    let y = top + (tallest - (heights[index] ?? 0)) / 2;
    for (const slot of column) {
      slot.y = y;
      y += slot.height + rowGap;
    }
  }
  return top + tallest;
}

/** Where arrows leave and enter their boxes: each at a height of its own, in the order of where they come from. */
function portsOf(ways: readonly { readonly arrow: Arrow; readonly way: readonly Slot[] }[]): ReadonlyMap<string, number> {
  const ports = new Map<string, number>();
  const spread = (ends: readonly { readonly name: string; readonly slot: Slot; readonly far: Slot }[]): void => {
    const sorted = ends.toSorted((a, b) => a.far.y - b.far.y || (a.name < b.name ? -1 : 1));
    for (const [index, { name, slot }] of sorted.entries()) ports.set(name, slot.height / 2 + (index - (sorted.length - 1) / 2) * portGap);
  };
  const ends = ways.flatMap(({ arrow: { from, to }, way }) => {
    const [start, second, beforeLast, end] = [way[0], way[1], way.at(-2), way.at(-1)];
    if (start === undefined || second === undefined || beforeLast === undefined || end === undefined) return [];
    return [
      { side: `out ${from}`, name: `${from}\n${to}\n0`, slot: start, far: second },
      { side: `in ${to}`, name: `${from}\n${to}\n${String(way.length - 1)}`, slot: end, far: beforeLast },
    ];
  });
  for (const group of Map.groupBy(ends, ({ side }) => side).values()) spread(group);
  return ports;
}

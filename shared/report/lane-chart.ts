import { gravestFirst, type Severity } from '../model/finding.ts';
import { ticksBetween } from './clock.ts';
import { markup, type Markup, squeezed } from './markup.ts';

/** Something on a time line. */
export interface Mark {
  readonly time: number;
  /** Where it lasted: its end. */
  readonly until?: number | undefined;
  readonly lane: string;
  readonly severity: Severity;
  /** What stands in the mark: the number of its row in the table. */
  readonly label?: string | undefined;
  readonly title: string;
}

const width = 960;
const gutter = 128;
const right = 24;
const rowHeight = 20;
const mostRows = 14;
const mostTicks = 8;

interface Placed extends Mark {
  readonly from: number;
  readonly to: number;
  readonly row: number;
}

/**
 * Marks in lanes over time, the lanes in the order given; `name` is what assistive technology reads. `gathered`: marks of a
 * severity that lie together are one sign with their number, for a picture of very many.
 */
export function laneChart(marks: readonly Mark[], lanes: readonly string[], name: string, gathered = false): Markup {
  if (marks.length === 0) return markup``;
  const first = Math.min(...marks.map(({ time }) => time));
  const last = Math.max(first + 1_000, ...marks.map(({ time, until }) => until ?? time));
  const x = (time: number): number => gutter + 14 + ((time - first) / (last - first)) * (width - gutter - right - 28);
  const grounds: Markup[] = [];
  const signs: Markup[] = [];
  let top = 8;
  for (const [index, lane] of lanes.filter((each) => marks.some((mark) => mark.lane === each)).entries()) {
    const inLane = marks.filter((mark) => mark.lane === lane);
    const { placed, hidden } = gathered ? { placed: together(inLane, x), hidden: 0 } : packed(inLane, x);
    const height = 12 + rowHeight * (1 + Math.max(0, ...placed.map(({ row }) => row)));
    grounds.push(markup`<rect class="lane lane-${index % 2}" x="0" y="${top}" width="${width}" height="${height}"/>
<text class="lane-name" x="12" y="${top + height / 2 + 4}">${squeezed(lane, 17)}</text>
${hidden === 0 ? undefined : markup`<text class="tick" x="12" y="${top + height / 2 + 18}">and ${hidden} more</text>`}
`);
    signs.push(...placed.map((mark) => drawn(mark, top + 6 + rowHeight * (mark.row + 0.5))));
    top += height + 2;
  }
  const ticks = ticksBetween(first, last, mostTicks).map(
    ({ time, label }) =>
      markup`<line class="grid" x1="${x(time)}" x2="${x(time)}" y1="8" y2="${top}"/><text class="tick" x="${x(time)}" y="${top + 16}" text-anchor="middle">${label}</text>`,
  );
  return markup`<svg role="img" aria-label="${name}" viewBox="0 0 ${width} ${top + 26}" class="chart lanes">${grounds}${ticks}${signs}</svg>`;
}

/** Rows such that nothing covers another: each takes the first with room. */
function packed(marks: readonly Mark[], x: (time: number) => number): { placed: readonly Placed[]; hidden: number } {
  const ends: number[] = [];
  const placed: Placed[] = [];
  const inOrder = marks.toSorted((a, b) => a.time - b.time || gravestFirst.indexOf(a.severity) - gravestFirst.indexOf(b.severity));
  for (const mark of inOrder) {
    const [from, to] = [x(mark.time), x(Math.max(mark.time, mark.until ?? mark.time))];
    const free = ends.findIndex((end) => end < from - 10);
    const row = free === -1 ? ends.length : free;
    if (row >= mostRows) continue;
    ends[row] = Math.max(to, from + labelWidth(mark.label)) + 10;
    placed.push({ ...mark, from, to, row });
  }
  return { placed, hidden: marks.length - placed.length };
}

/** Signs closer than this are one. */
const nearest = 30;

/** A row for each severity, in which near marks are one. */
function together(marks: readonly Mark[], x: (time: number) => number): readonly Placed[] {
  const present = gravestFirst.filter((severity) => marks.some((mark) => mark.severity === severity));
  return present.flatMap((severity, row) => {
    const groups: Placed[][] = [];
    for (const mark of marks.filter((each) => each.severity === severity).toSorted((a, b) => a.time - b.time)) {
      const placed = { ...mark, from: x(mark.time), to: x(Math.max(mark.time, mark.until ?? mark.time)), row };
      const last = groups.at(-1);
      if (last?.[0] !== undefined && placed.from - last[0].from < nearest) last.push(placed);
      else groups.push([placed]);
    }
    return groups.flatMap((group, index): Placed[] => {
      const [first] = group;
      if (first === undefined) return [];
      // A bar ends where the next sign begins, or it would strike through the sign's number.
      const next = groups[index + 1]?.[0]?.from ?? Infinity;
      const to = Math.min(next - 9, Math.max(...group.map((each) => each.to)));
      const title = group.map((each) => each.title).slice(0, 12).join('; '); // prettier-ignore
      return [{ ...first, to, title, ...(group.length === 1 ? {} : { label: String(group.length) }) }];
    });
  });
}

/** Room of a label beside its sign. */
function labelWidth(label: string | undefined): number {
  return label === undefined ? 0 : 11 + 7 * label.length;
}

function drawn({ from, to, severity, label, title }: Placed, y: number): Markup {
  const start = from + labelWidth(label) + (label === undefined ? 0 : 3);
  const bar =
    to - start < 4 ? undefined : markup`<rect class="bar" x="${start}" y="${y - 2.5}" width="${to - start}" height="5" rx="2.5"/>`;
  const words = label === undefined ? undefined : markup`<text class="sign-label" x="${from + 10}" y="${y + 4}">${label}</text>`;
  return markup`<g class="${severity}"><title>${title}</title>${bar}${signOf(severity, from, y)}${words}</g>`;
}

/** The sign of a severity: its shape tells it to whom its colour does not. */
function signOf(severity: Severity, x: number, y: number): Markup {
  switch (severity) {
    case 'critical':
      return markup`<path class="sign" d="M${x} ${y - 8}l8 8l-8 8l-8 -8z"/>`;
    case 'high':
      return markup`<path class="sign" d="M${x} ${y - 7}l7.5 13h-15z"/>`;
    case 'medium':
      return markup`<rect class="sign" x="${x - 5.5}" y="${y - 5.5}" width="11" height="11" rx="1.5"/>`;
    case 'low':
      return markup`<circle class="sign" cx="${x}" cy="${y}" r="4.5"/>`;
  }
}

/** The signs and what they mean. */
export function legend(severities: readonly Severity[]): Markup {
  const shown = gravestFirst.filter((severity) => severities.includes(severity));
  return markup`<ul class="legend">${shown.map(
    (severity) =>
      markup`<li class="${severity}"><svg aria-hidden="true" viewBox="0 0 20 20">${signOf(severity, 10, 10)}</svg>${severity}</li>`,
  )}</ul>`;
}

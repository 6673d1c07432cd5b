import type { Thing } from '../model/deed.ts';
import { amount } from './baseline-plot.ts';
import { type Arrow, columnNames, type Graph } from './graph.ts';
import { boxWidth, layOut, type PlacedArrow, type PlacedBox } from './graph-layout.ts';
import { markup, type Markup, squeezed } from './markup.ts';

const nameLength = 19;
const kindLength = 24;
const didLength = 19;

const kindNames: Readonly<Record<Thing['kind'], readonly [one: string, many: string]>> = {
  address: ['address', 'addresses'],
  identity: ['identity', 'identities'],
  workload: ['workload', 'workloads'],
  pod: ['pod', 'pods'],
  node: ['node', 'nodes'],
  object: ['object', 'objects'],
  outside: ['address', 'addresses'],
};

/** Who touched what, drawn. */
export function picture(graph: Graph, name: string): Markup {
  const { width, height, boxes, arrows, columns } = layOut(graph);
  const heads = columns.map(({ column, x }) => markup`<text class="column-name" x="${x}" y="16">${columnNames[column]}</text>`);
  return markup`<svg role="img" aria-label="${name}" viewBox="-4 0 ${width + 8} ${height}" class="chart graph graph-${columns.length}">
${heads}${arrows.map(line)}${boxes.map(drawn)}${arrows.map(label)}</svg>`;
}

/** More ports than this are told by their number. */
const mostPorts = 3;

/** What was done, the most frequent first; what there is no room for is counted. */
export function didText({ did, bytes }: Arrow, most: number): string {
  const ports = [...did].filter(([what]) => what.startsWith('port '));
  const calls = ports.reduce((sum, [, times]) => sum + times, 0);
  const summed = ports.length <= mostPorts ? ports : [[`${String(ports.length)} ports`, calls > ports.length ? calls : 1] as const];
  const sorted = [...did].filter(([what]) => !what.startsWith('port ')).concat(summed.map(([what, times]) => [what, times])).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)); // prettier-ignore
  const words = sorted.map(([what, times]) => {
    if (what === 'sent' && bytes !== undefined)
      return times === 1 ? `${amount(bytes, 'bytes')} sent` : `sent up to ${amount(bytes, 'bytes')}`;
    return times === 1 ? what : `${what} ×${String(times)}`;
  });
  let shown = words.length;
  const text = (): string => `${words.slice(0, shown).join(', ')}${shown < words.length ? ` +${String(words.length - shown)}` : ''}`;
  while (shown > 1 && text().length > most) shown -= 1;
  return text();
}

/** The name of a thing and what it is. */
export function thingText({ thing: { kind, name }, many }: { readonly thing: Thing; readonly many: number }): readonly [string, string] {
  const [one, more] = kindNames[kind];
  const what = many === 1 ? one : `${String(many)} ${more}`;
  const parts = kind === 'address' || kind === 'outside' || kind === 'node' || name.startsWith('/') ? [name] : name.split('/');
  const [namespace = '', ofKind = '', ...rest] = parts;
  if (parts.length < 2) return [name, what];
  if (rest.length === 0) return [ofKind, `${kind === 'object' && many === 1 ? '' : `${what} `}in ${namespace}`];
  return [rest.join('/'), `${ofKind} in ${namespace}`];
}

function drawn(box: PlacedBox): Markup {
  const { x, y, height, severity, thing } = box;
  const [name, kind] = thingText(box);
  const middle = y + height / 2;
  return markup`<g class="box ${severity} kind-${thing.kind}"><title>${thing.name}: ${kind}</title>
<rect x="${x}" y="${y}" width="${boxWidth}" height="${height}" rx="6"/><rect class="edge" x="${x}" y="${y}" width="4" height="${height}" rx="2"/>
<text class="name" x="${x + 13}" y="${middle - 2}">${squeezed(name, nameLength)}</text><text class="kind" x="${x + 13}" y="${middle + 13}">${squeezed(kind, kindLength)}</text></g>\n`;
}

function line({ points, severity, loops }: PlacedArrow): Markup {
  const [first = [0, 0] as const, ...rest] = points;
  const last = points.at(-1) ?? first;
  const out = 46;
  let [x, y] = first;
  const bends = rest.map(([nextX, nextY]) => {
    const half = (nextX - x) / 2;
    const curve = loops
      ? markup` C${x + out} ${y} ${nextX + out} ${nextY} ${nextX} ${nextY}`
      : markup` C${x + half} ${y} ${nextX - half} ${nextY} ${nextX} ${nextY}`;
    [x, y] = [nextX, nextY];
    return curve;
  });
  const back = loops ? 7 : -7;
  return markup`<g class="arrow ${severity}"><path d="M${first[0]} ${first[1]}${bends}"/><path class="head" d="M${last[0]} ${last[1]}l${back} -4v8z"/></g>\n`;
}

/** Beside the arrow's head, where each arrow has a height of its own. */
function label(arrow: PlacedArrow): Markup {
  const { points, loops } = arrow;
  const [x, y] = points.at(-1) ?? [0, 0];
  const words = didText(arrow, didLength);
  return markup`<text class="did" x="${loops ? x + 10 : x - 10}" y="${y - 4}" text-anchor="${loops ? 'start' : 'end'}"><title>${didText(arrow, 300)}</title>${squeezed(words, didLength)}</text>`;
}

import type { Measured, Novel } from './baseline.ts';
import { clipped, markup, type Markup, squeezed } from './markup.ts';

const width = 720;
const gutter = 190;
const right = 70;
const rowHeight = 30;
const top = 34;
/** Beyond this ratio of the largest to the smallest, lengths are logarithmic, or the small would not be seen. */
const widestLinear = 60;

/** A number of a measure in words. */
export function amount(value: number, unit: Measured['unit']): string {
  if (unit === 'percent') return `${String(value)} %`;
  if (unit !== 'bytes') return Number.isInteger(value) ? value.toLocaleString('en') : String(Math.round(value * 10) / 10);
  const names = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(names.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10));
  return `${(value / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${names[power] ?? ''}`;
}

/** What was seen against what was usual and where the limit lies. */
export function baselinePlot(measured: Measured): Markup {
  const { unit, observed, limit, ceiling, usual } = measured;
  const values = [...observed.map(({ value }) => value), limit, ceiling, ...usual.flatMap(({ middle, most }) => [middle, most])].filter((value) => value !== undefined); // prettier-ignore
  const largest = Math.max(...values, 1);
  const smallest = Math.min(...values.filter((value) => value > 0), largest);
  const logarithmic = largest / smallest > widestLinear;
  const floor = smallest / 2;
  const share = (value: number): number =>
    logarithmic ? Math.log(Math.max(value, floor) / floor) / Math.log(largest / floor) : value / largest;
  const x = (value: number): number => gutter + Math.max(0, share(value)) * (width - gutter - right);
  const rows = [
    ...usual.map(({ whose, middle, deviation, most }, index) => {
      const y = top + (index + 0.5) * rowHeight;
      const band = middle === undefined || deviation === undefined ? undefined : markup`<rect class="band" x="${x(Math.max(0, middle - deviation))}" y="${y - 6}" width="${Math.max(2, x(middle + deviation) - x(Math.max(0, middle - deviation)))}" height="12" rx="2"/>`; // prettier-ignore
      const reach = most === undefined ? undefined : markup`<line class="reach" x1="${x(middle ?? 0)}" x2="${x(most)}" y1="${y}" y2="${y}"/><line class="reach" x1="${x(most)}" x2="${x(most)}" y1="${y - 5}" y2="${y + 5}"/>`; // prettier-ignore
      const dot = middle === undefined ? undefined : markup`<circle class="middle" cx="${x(middle)}" cy="${y}" r="4"/>`;
      const numbers = [middle, most].flatMap((value) => (value === undefined ? [] : [amount(value, unit)])).join(' – most ');
      return markup`<text class="row-name" x="${gutter - 14}" y="${y + 4}" text-anchor="end">${squeezed(whose, 28)}</text>${band}${reach}${dot}<text class="tick" x="${x(Math.max(most ?? 0, (middle ?? 0) + (deviation ?? 0))) + 10}" y="${y + 4}">${numbers}</text>`;
    }),
    ...observed.map(({ name, value }, index) => {
      const y = top + (usual.length + index + 0.5) * rowHeight;
      const over = value >= (limit ?? Infinity) || (limit === undefined && index === 0);
      return markup`<text class="row-name strong" x="${gutter - 14}" y="${y + 4}" text-anchor="end">${name === 'counted' || name === 'now' ? 'seen now' : name}</text>
<rect class="${over ? 'over' : 'within'}" x="${gutter}" y="${y - 7}" width="${Math.max(2, x(value) - gutter)}" height="14" rx="2"/><text class="strong" x="${x(value) + 8}" y="${y + 4}">${amount(value, unit)}</text>`;
    }),
  ];
  const bottom = top + rowHeight * (usual.length + observed.length);
  const limits = [
    ...(ceiling === undefined || ceiling === limit
      ? []
      : [{ name: unit === 'bytes' ? 'high from' : 'ceiling', value: ceiling, kind: 'ceiling' }]),
    ...(limit === undefined ? [] : [{ name: 'limit', value: limit, kind: 'limit' }]),
  ];
  const lines = limits.map(({ name, value, kind }, index) => {
    const at = x(value);
    const y = limits.length === 2 && index === 0 && Math.abs(at - x(limit ?? 0)) < 130 ? 12 : 26;
    return markup`<line class="${kind}" x1="${at}" x2="${at}" y1="${y + 4}" y2="${bottom}"/><text class="tick" x="${Math.min(at, width - 50)}" y="${y}" text-anchor="middle">${name} ${amount(value, unit)}</text>`;
  });
  return markup`<svg role="img" aria-label="${sentence(measured)}" viewBox="0 0 ${width} ${bottom + 22}" class="chart plot">
<line class="axis" x1="${gutter}" x2="${gutter}" y1="${top - 4}" y2="${bottom}"/>${rows}${lines}
<text class="tick" x="${gutter}" y="${bottom + 16}">${logarithmic ? 'logarithmic scale' : '0'}</text></svg>`;
}

/** What a plot shows, in words. */
export function sentence({ unit, observed, limit, ceiling, usual }: Measured): string {
  const seen = observed.map(({ name, value }) => `${name} ${amount(value, unit)}`).join(', ');
  const habits = usual.map(({ whose, middle, deviation, most }) =>
    [
      `${whose}:`,
      middle === undefined ? undefined : `median ${amount(middle, unit)}`,
      deviation === undefined ? undefined : `deviation ${amount(deviation, unit)}`,
      most === undefined ? undefined : `most ${amount(most, unit)}`,
    ]
      .filter((part) => part !== undefined)
      .join(' '),
  );
  const bounds = [...(limit === undefined ? [] : [`limit ${amount(limit, unit)}`]), ...(ceiling === undefined || ceiling === limit ? [] : [`${unit === 'bytes' ? 'high from' : 'ceiling'} ${amount(ceiling, unit)}`])]; // prettier-ignore
  return [`Seen: ${seen}`, ...bounds, ...habits].join('; ');
}

const mostKnown = 12;

/** What was known beside what is new. */
export function novelty({ fresh, known, count, days }: Novel): Markup {
  const since = days === undefined ? '' : `, watched for ${String(days)} ${days === 1 ? 'day' : 'days'}`;
  const chips = known.slice(0, mostKnown).map((name) => markup`<li>${clipped(name, 80)}</li>`);
  const more = Math.max(count ?? 0, known.length) - chips.length;
  return markup`<div class="novelty"><div><p class="label">Known before${since}</p><ul class="chips">${chips}${more > 0 ? markup`<li class="more">${chips.length === 0 ? String(more) : `and ${String(more)} more`}</li>` : undefined}${chips.length === 0 && more <= 0 ? markup`<li class="more">none</li>` : undefined}</ul></div>${
    fresh === undefined
      ? undefined
      : markup`<div><p class="label">New</p><ul class="chips"><li class="new">${clipped(fresh, 200)}</li></ul></div>`
  }</div>`;
}

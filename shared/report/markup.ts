import { printable, shortened } from '../alert/escape.ts';

/** HTML or SVG in which every value is escaped already. Only {@link markup} makes it. */
export class Markup {
  readonly source: string;

  private constructor(source: string) {
    this.source = source;
  }

  /** The template's own words as they are; of the values, whatever is no markup is escaped, lists are joined, nothing is left out as `undefined`. */
  static of(parts: readonly string[], values: readonly Content[]): Markup {
    const rest = values.map((value, index) => sourceOf(value) + (parts[index + 1] ?? ''));
    return new Markup((parts[0] ?? '') + rest.join(''));
  }
}

/** What may stand in a template. */
export type Content = Markup | string | number | undefined | readonly Content[];

/**
 * A template whose values are text, never markup: in an element, in an attribute between double quotes, in SVG. Never
 * put one where a browser reads something else than text: a script, a stylesheet, the name of an element or attribute.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return Markup.of(parts, values);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function sourceOf(value: Content): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.source;
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'string') return Array.isArray(value) ? (value as readonly Content[]).map(sourceOf).join('') : '';
  return printable(value).replace(/[&<>"'`]/g, (character) => entities[character] ?? '');
}

/** A number as coordinates need it. */
function numberText(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : '0';
}

/** Characters of a tooltip: beyond, nobody reads on. */
const longestTitle = 1_000;

/** Text of at most `most` characters; where some was cut, the title shows more of it. */
export function clipped(text: string, most: number): Markup {
  const whole = printable(text.slice(0, 20_000));
  if (whole.length <= most) return markup`<span class="said">${whole}</span>`;
  return markup`<span class="said" title="${shortened(whole, longestTitle)}">${shortened(whole, most)}</span>`;
}

/** Text of at most `most` characters, cut in its middle: names differ at their ends. */
export function squeezed(text: string, most: number): string {
  const characters = Array.from(printable(text.slice(0, 2_000)));
  if (characters.length <= most) return characters.join('');
  const tail = Math.floor((most - 1) * 0.45);
  return `${characters.slice(0, most - 1 - tail).join('')}…${characters.slice(characters.length - tail).join('')}`;
}

/** A heading of a level: documents begin with 1 and leave none out. */
export function heading(level: number, content: Content, id?: string): Markup {
  const named = id === undefined ? markup`` : markup` id="${id}"`;
  switch (level) {
    case 1:
      return markup`<h1${named}>${content}</h1>`;
    case 2:
      return markup`<h2${named}>${content}</h2>`;
    case 3:
      return markup`<h3${named}>${content}</h3>`;
    default:
      return markup`<h4${named}>${content}</h4>`;
  }
}

/** A column of a table: what stands above it, and how its cells look. */
export interface Column {
  readonly name: string;
  readonly look?: 'tight' | 'wide' | 'number';
}

/** A table that becomes a stack of cards on a narrow screen: the roles keep it a table to assistive technology even then. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Content[])[]): Markup {
  const heads = columns.map(({ name, look }) => markup`<th role="columnheader" scope="col" class="${look ?? ''}">${name}</th>`);
  const cellOf = (cell: Content, index: number): Markup =>
    markup`<td role="cell" class="${columns[index]?.look ?? ''}" data-label="${columns[index]?.name ?? ''}">${cell}</td>`;
  const body = rows.map((cells) => markup`<tr role="row">${cells.map(cellOf)}</tr>\n`);
  return markup`<table role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">${body}</tbody></table>`;
}

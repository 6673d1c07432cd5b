import { type Range, rangeBetween, rangeIn, rangeOfPrefix } from './range-text.ts';

/** A row of a table of autonomous systems. */
export interface SystemRow {
  readonly range: Range;
  /** Number of the autonomous system; 0 where the range is not routed. */
  readonly number: number;
  readonly name: string;
}

/** Longest name kept: names are whatever their registrants wrote. */
const longestName = 64;

/**
 * A row in one of the forms in which such tables are published, with tabs or commas: `first, last, number, country, name`;
 * `range, number, name`; `address, prefix length, number`. Absent for anything else, such as a heading.
 */
export function systemRowIn(line: string): SystemRow | undefined {
  const fields = fieldsOf(line);
  const [begin = '', second = ''] = fields;
  const single = rangeIn(begin);
  const withLength = single !== undefined && begin.includes('/') ? undefined : prefixIn(begin, second, fields.length);
  const paired = withLength ?? (second.includes('.') || second.includes(':') ? rangeBetween(begin, second) : undefined);
  const range = paired ?? single;
  const rest = fields.slice(paired === undefined ? 1 : 2);
  const number = numberIn(rest[0] ?? '');
  return range === undefined || number === undefined ? undefined : { range, number, name: nameIn(rest.slice(1)) };
}

/** Two numbers after an address are a prefix length and a system; one number alone is a system. */
function prefixIn(address: string, length: string, fields: number): Range | undefined {
  return fields > 2 && /^\d{1,3}$/.test(length) ? rangeOfPrefix(address, Number(length)) : undefined;
}

/** A system announced together with others counts by the first. */
function numberIn(text: string): number | undefined {
  const digits = /^(?:AS)?(\d{1,10})(?:[_ ,{].*)?$/i.exec(text)?.[1];
  return digits === undefined || Number(digits) > 0xffff_ffff ? undefined : Number(digits);
}

function nameIn(fields: readonly string[]): string {
  const [country = '', ...rest] = fields;
  const name = rest.length > 0 && /^(?:[A-Z]{2}|None|)$/.test(country) ? rest : fields;
  return name
    .join(', ')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, longestName);
}

function fieldsOf(line: string): string[] {
  if (line.includes('\t')) return line.split('\t').map((field) => field.trim());
  return [...line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    (quoted?.replaceAll('""', '"') ?? plain ?? '').trim(),
  );
}

import { describe, expect, it, test } from 'vitest';
import { catalogueDocument } from '../../shared/detect/documents.ts';
import { entriesOf, findersOf } from '../../shared/detect/entries.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { behaviours } from '../../shared/knowledge/behaviours.ts';

/** Every behaviour is found, will be, or cannot be: nothing is left open, and nothing is said twice. */

const finders = findersOf(entriesOf(catalogue));

it('numbers the behaviours without a gap', () => {
  expect(Object.keys(behaviours)).toEqual(Array.from({ length: 160 }, (_, index) => `D${String(index + 1).padStart(3, '0')}`));
});

it('knows every behaviour that a detection names', () => {
  const named = catalogue.flatMap(({ detection }) => detection.rows);
  expect(named.filter((row) => behaviours[row] === undefined)).toEqual([]);
});

it('gives every behaviour words of its own', () => {
  const titles = Object.values(behaviours).map(({ title }) => title);
  expect(titles.filter((title, index) => titles.indexOf(title) !== index || !/^[A-Z][^|]*[^.|\s]$/.test(title))).toEqual([]);
});

describe.each(Object.entries(behaviours))('%s', (row, { later, never, rest }) => {
  const excuses = [later, never].filter((excuse) => excuse !== undefined);

  test('is found, or else says exactly once when it will be or why it cannot', () => {
    expect(excuses).toHaveLength(finders.get(row)?.length === 0 ? 1 : 0);
    expect(excuses).not.toContain('');
  });

  test('has a rest only of what is found', () => {
    expect(rest === undefined || finders.get(row)?.length !== 0).toBe(true);
  });
});

it('stands in the document with what becomes of it', () => {
  const lines = new Set(catalogueDocument(catalogue).split('\n'));
  for (const [row, { title, later, never }] of Object.entries(behaviours)) {
    const line = [...lines].find((each) => each.startsWith(`| ${row} |`)) ?? '';
    expect(line).toContain(`| ${title} |`);
    for (const { id } of finders.get(row) ?? []) expect(line).toContain(`/${id}.ts)`);
    if (later !== undefined) expect(line).toContain(`| later: ${later} |`);
    if (never !== undefined) expect(line).toContain(`| never: ${never} |`);
  }
});

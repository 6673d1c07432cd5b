import { describe, expect, it, test } from 'vitest';
import { advance, type BlindInterval, blindnessBetween, intervalDocument, intervalIn } from '../../shared/coverage/blind.ts';
import type { Gap } from '../../shared/model/coverage.ts';
import { minute } from '../../shared/model/time.ts';

/** Intervals of not seeing: opened by a check, made longer by the next ones, closed by the first that finds nothing. */

const gap: Gap = {
  id: 'filter-missing',
  cluster: 'harbour',
  source: 'audit',
  subject: 'group',
  status: 'blind',
  why: 'gone',
  fix: ['mend it'],
  explained: '',
};
const nine = Date.parse('2026-03-09T09:00:00Z');
const at = (minutes: number): number => nine + minutes * minute;

test('a new gap may have opened right after the check before, and is told once', () => {
  const { opened, changed } = advance([], [gap, gap], at(10), at(5));
  expect(opened).toEqual([{ ...gap, from: at(5), until: at(10), open: true }]);
  expect(changed).toEqual(opened);
  const longer = { ...gap, from: at(5), until: at(15), open: true };
  expect(advance(opened, [gap], at(15), at(10))).toEqual({ opened: [], closed: [], changed: [longer] });
});

test('a gap that knows when it opened says so', () => {
  expect(advance([], [{ ...gap, since: at(-60) }], at(10), at(5)).opened[0]?.from).toBe(at(-60));
});

describe('a gap that is no longer found', () => {
  const known: BlindInterval = { ...gap, from: at(0), until: at(10), open: true };

  it('is closed, and opens anew another time', () => {
    const { closed, changed } = advance([known], [], at(15), at(10));
    expect(changed).toEqual([{ ...known, until: at(15), open: false }]);
    expect(closed).toEqual(changed);
    expect(advance(changed, [gap], at(60), at(55)).opened.map(({ from }) => from)).toEqual([at(55)]);
  });

  it('stays open while nobody may look', () => {
    const refused: Gap = { ...gap, id: 'unknown', status: 'unknown', subject: 'filters of group' };
    const { closed, changed } = advance([known], [refused], at(15), at(10));
    expect(closed).toEqual([]);
    expect(changed).toContainEqual({ ...known, until: at(15), open: true });
  });
});

test('what explained itself is told once it does so no longer', () => {
  const known: BlindInterval = { ...gap, explained: 'the cluster is deleting', from: at(0), until: at(10), open: true };
  expect(advance([known], [gap], at(15), at(10)).opened).toHaveLength(1);
});

test('an interval is kept as it is, under a name of its own', () => {
  const scope = { account: '111122223333', region: 'eu-central-1' };
  const interval: BlindInterval = { ...gap, from: at(0), until: at(10), open: true };
  const document = intervalDocument(scope, interval, at(10));
  expect(intervalIn(document)).toEqual(interval);
  expect(intervalDocument(scope, { ...interval, until: at(20) }, at(20)).sort).toBe(document.sort);
  expect(intervalDocument(scope, { ...interval, cluster: 'quarry' }, at(10)).sort).not.toBe(document.sort);
  expect(intervalIn({ ...document, document: '[]' })).toBeUndefined();
});

describe('of an alert', () => {
  const closed: BlindInterval = { ...gap, from: at(0), until: at(10), open: false };
  const between = (interval: Partial<BlindInterval>, from: number, until: number) =>
    blindnessBetween([{ ...closed, ...interval }], 'harbour', at(from), at(until));

  it.each([
    ['within', 2, 5],
    ['from before until within', -5, 5],
    ['all around', -5, 50],
    ['that touches it', 10, 20],
  ])('%s is said what was not seen', (_, from, until) => {
    expect(between({}, from, until)).toEqual([{ source: 'audit', from: at(0), until: at(10), why: 'gone' }]);
  });

  it('before or after, of another cluster, or of what is only unknown, nothing is said', () => {
    expect(between({}, -5, -1)).toEqual([]);
    expect(between({}, 11, 20)).toEqual([]);
    expect(between({ cluster: 'quarry' }, 2, 5)).toEqual([]);
    expect(between({ status: 'unknown' }, 2, 5)).toEqual([]);
  });

  it('what is about all clusters, or still open, is said', () => {
    expect(between({ cluster: '', source: 'api' }, 2, 5)).toHaveLength(1);
    expect(between({ open: true }, 50, 60)).toEqual([{ source: 'audit', from: at(0), until: at(60), why: 'gone' }]);
  });
});

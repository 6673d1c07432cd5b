import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Allowance } from '../../shared/history/allowance.ts';
import { estimateOf, type LogGroup } from '../../shared/history/estimate.ts';
import { type Answer, type Gap, type HistoryLog, HistoryReading } from '../../shared/history/reading.ts';
import { daysOf, halvesOf, lengthOf, type Span } from '../../shared/history/span.ts';
import { type HistoryQuery, line, mostRows } from '../../shared/intake/insights-query.ts';
import { day, hour, minute, second } from '../../shared/model/time.ts';

const monday = Date.parse('2026-03-09T00:00:00Z');
const question: HistoryQuery = { name: 'everything', where: line('.'), captures: [], oneOfEach: [] };
const unlimited = (): Allowance => new Allowance(Infinity, 0);

/** A log with so many lines at some moments, each of which stands for itself in a result. */
class CountedLog implements HistoryLog {
  readonly asked: Span[] = [];
  private readonly moments: readonly { readonly time: number; readonly lines: number }[];

  constructor(moments: readonly { readonly time: number; readonly lines: number }[]) {
    this.moments = moments;
  }

  ask(_: HistoryQuery, span: Span): Promise<Answer> {
    this.asked.push(span);
    const inside = this.moments.filter(({ time }) => time >= span.from && time < span.to);
    const lines = inside.flatMap(({ time, lines: count }) =>
      Array.from({ length: count }, (_, at) => ({ id: `${String(time)} ${String(at)}`, message: '' })),
    );
    return Promise.resolve({ lines: lines.slice(0, mostRows), scanned: lengthOf(span) });
  }
}

async function readAll(log: HistoryLog, span: Span, allowance = unlimited()): Promise<{ ids: string[]; gaps: Gap[]; days: Span[] }> {
  const [ids, gaps, days]: [string[], Gap[], Span[]] = [[], [], []];
  for await (const piece of new HistoryReading(log, [question], allowance).pieces(span)) {
    ids.push(...piece.lines.map(({ id }) => id));
    gaps.push(...piece.gaps);
    days.push(piece.span);
  }
  return { ids, gaps, days };
}

describe('spans', () => {
  it('part into days and halves without a hole and without a line twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 * 86_400 }), fc.integer({ min: 120, max: 10 * 86_400 }), (start, length) => {
        const span = { from: monday + start * second, to: monday + (start + length) * second };
        for (const parts of [daysOf(span), [...halvesOf(span)]]) {
          expect(parts[0]?.from).toBe(span.from);
          expect(parts.at(-1)?.to).toBe(span.to);
          for (const [at, part] of parts.entries()) if (at > 0) expect(part.from).toBe(parts[at - 1]?.to);
          expect(parts.every((part) => lengthOf(part) > 0)).toBe(true);
        }
      }),
    );
  });
});

describe('reading a history', () => {
  it('goes day by day, the oldest first', async () => {
    const log = new CountedLog([{ time: monday + hour, lines: 3 }]);
    const { days } = await readAll(log, { from: monday + hour, to: monday + 2 * day + hour });
    expect(days.map(({ from }) => from)).toEqual([monday + hour, monday + day, monday + 2 * day]);
  });

  it('halves a span whose result hits the limit, until every line came once', async () => {
    const moments = Array.from({ length: 24 }, (_, at) => ({ time: monday + at * hour, lines: 2_000 }));
    const log = new CountedLog(moments);
    const { ids, gaps } = await readAll(log, { from: monday, to: monday + day });
    expect(ids.length).toBe(48_000);
    expect(new Set(ids).size).toBe(48_000);
    expect(gaps).toEqual([]);
    expect(log.asked.map((span) => lengthOf(span) / hour)).toEqual([24, 12, 6, 3, 3, 3, 3, 3, 3, 3, 3]);
  });

  it('does not ask for whole days again once it knows better', async () => {
    const log = new CountedLog(
      [0, 1, 2, 3].flatMap((at) => [1, 13].map((hours) => ({ time: monday + at * day + hours * hour, lines: 6_000 }))),
    );
    await readAll(log, { from: monday, to: monday + 4 * day });
    // Two days are under way when the first result hits the limit.
    expect(log.asked.filter((span) => lengthOf(span) === day)).toHaveLength(2);
  });

  it('takes a full result for one that may lack lines', async () => {
    const log = new CountedLog([
      { time: monday, lines: mostRows - 1 },
      { time: monday + 13 * hour, lines: 1 },
    ]);
    expect((await readAll(log, { from: monday, to: monday + day })).ids).toHaveLength(mostRows);
    expect(log.asked).toHaveLength(3);
  });

  it('learns nothing of the shortest span rather than some of it, and says so', async () => {
    const log = new CountedLog([
      { time: monday, lines: 50_000 },
      { time: monday + 5 * minute, lines: 7 },
    ]);
    const { ids, gaps } = await readAll(log, { from: monday, to: monday + 10 * minute });
    expect(ids).toHaveLength(7);
    expect(gaps).toEqual([
      { question: 'everything', span: { from: monday, to: monday + 75 * second }, why: 'more than 10000 rows in the shortest span' },
    ]);
  });

  it('names what a query failed to tell, and reads on', async () => {
    const log: HistoryLog = {
      ask: (_, span) =>
        Promise.resolve(span.from === monday ? { failure: 'it failed', scanned: 1 } : { lines: [{ id: 'a', message: '' }], scanned: 1 }),
    };
    const { ids, gaps } = await readAll(log, { from: monday, to: monday + 2 * day });
    expect(ids).toEqual(['a']);
    expect(gaps).toMatchObject([{ span: { from: monday, to: monday + day }, why: 'it failed' }]);
  });

  it('passes on what nobody expected', async () => {
    const log: HistoryLog = { ask: () => Promise.reject(new Error('no such thing')) };
    await expect(readAll(log, { from: monday, to: monday + 3 * day })).rejects.toThrow('no such thing');
  });
});

describe('the allowance', () => {
  const span: Span = { from: monday, to: monday + 4 * day };

  it('stops before it is spent, and names what was not read', async () => {
    const log = new CountedLog([]);
    const allowance = new Allowance(2.5 * day, 1);
    const { gaps } = await readAll(log, span, allowance);
    expect(gaps.map(({ why, span: { from } }) => [why, from])).toEqual([
      ['the budget is spent', monday + 2 * day],
      ['the budget is spent', monday + 3 * day],
    ]);
    expect(allowance.scanned).toBe(2 * day);
  });

  it('goes by what queries really scan where that is more than was expected', async () => {
    const log = new CountedLog([]);
    const { gaps } = await readAll(log, span, new Allowance(2.5 * day, 0.001));
    expect(gaps.length).toBeGreaterThan(0);
  });

  it('never scans more than it allows where queries scan no more than is expected', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 6, noNaN: true }), fc.integer({ min: 0, max: 40_000 }), async (days, lines) => {
        const allowance = new Allowance(days * day, 1);
        await readAll(new CountedLog([{ time: monday + 90 * minute, lines }]), span, allowance);
        expect(allowance.scanned).toBeLessThanOrEqual(days * day);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the estimate', () => {
  const gigabytes = (count: number): number => count * 1024 ** 3;
  const group: LogGroup = {
    name: '/aws/eks/harbour/cluster',
    account: '111122223333',
    region: 'us-east-1',
    storedBytes: gigabytes(100),
    created: monday - 1_000 * day,
    retentionDays: 50,
  };
  const fortnight: Span = { from: monday - 14 * day, to: monday };

  it('is the share of the kept days that is read, for each question, at the price of the Region', () => {
    const { bytes, dollars } = estimateOf(group, fortnight, 2);
    expect(bytes).toBe(gigabytes(56));
    expect(dollars).toBeCloseTo(56 * 0.005);
  });

  it('takes the age of a group that is younger than its retention, or that keeps lines for ever', () => {
    const young = { ...group, created: monday - 7 * day };
    expect(estimateOf(young, fortnight, 1).bytes).toBe(gigabytes(100));
    expect(estimateOf({ ...young, retentionDays: undefined }, fortnight, 1).bytes).toBe(gigabytes(100));
  });

  it('takes the highest price for a Region whose price is not known', () => {
    expect(estimateOf({ ...group, region: 'eu-central-1' }, fortnight, 2).dollars).toBeCloseTo(56 * 0.0076);
  });
});

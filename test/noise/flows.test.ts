import { describe, expect, it, test } from 'vitest';
import { catalogue } from '../../shared/detect/registry.ts';
import { daysOf } from './calendar.ts';
import { figuresOf } from './report.ts';
import { Town } from './town.ts';
import { watch } from './watching.ts';

/** The flow log of a busy, benign town on one day, after three of learning. The whole measurement is `npm run noise`. */
const watched = await watch(catalogue, { seed: 1, days: 1, flows: true });
const figures = figuresOf(watched);

describe('the flow log of a busy town', () => {
  it('is read whole: no record is refused and no judge fails', () => {
    expect(watched.flows).toBeGreaterThan(100_000);
    expect(watched.faults).toEqual([]);
  });

  it('brings at most one alert of high or above a day', () => {
    expect(figures.fromFlows.grave.mean).toBeLessThanOrEqual(1);
  });
});

describe('attacks in it', () => {
  test.each(figures.found)('are told of: $attack, $what', ({ by }) => {
    expect(by).not.toEqual([]);
  });
});

it('is the same for the same seed, and leaves the audit log as it is without', () => {
  const once = firstDay(true);
  expect(firstDay(true)).toEqual(once);
  expect(firstDay(false).audit).toEqual(once.audit);
});

/** What a town logs on its first day. */
function firstDay(flows: boolean): { readonly audit: readonly string[]; readonly flow: readonly string[] } {
  const days = daysOf(new Town(1), 1, flows);
  // The hour in which the pods began is a day of its own.
  if (flows) days.next();
  const { value: day } = days.next();
  return { audit: day?.audit.map(({ message }) => message) ?? [], flow: day?.flow.map(({ line }) => line) ?? [] };
}

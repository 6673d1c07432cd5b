import { describe, expect, it, test } from 'vitest';
import { catalogue } from '../../shared/detect/registry.ts';
import { figuresOf } from './report.ts';
import { watch } from './watching.ts';

/**
 * One busy, benign town for some days with attacks in it: people are told little that is not so, and of what is. The
 * whole measurement is `npm run noise`.
 */
const watched = await watch(catalogue, { seed: 1, days: 7, flows: false });
const figures = figuresOf(watched);

describe('a busy town', () => {
  it('brings at most one alert of high or above a day, and five of medium', () => {
    expect(figures.grave.mean).toBeLessThanOrEqual(1);
    expect(figures.perDay.medium.mean).toBeLessThanOrEqual(5);
  });

  it('is read whole: no record is refused and no judge fails', () => {
    expect(watched.faults).toEqual([]);
  });
});

describe('attacks in it', () => {
  test.each(figures.found)('are told of: $attack, $what', ({ minutes }) => {
    expect(minutes).toBeGreaterThanOrEqual(0);
  });

  it('are all of them', () => {
    expect(figures.found).toHaveLength(7);
  });
});

it('is the same town for the same seed', async () => {
  const again = await watch(catalogue, { seed: 1, days: 1, flows: false });
  const first = await watch(catalogue, { seed: 1, days: 1, flows: false });
  expect(figuresOf(again)).toEqual(figuresOf(first));
});

import { describe, expect, it, test } from 'vitest';
import { catalogue } from '../../shared/detect/registry.ts';
import { figuresOf } from './report.ts';
import { watch } from './watching.ts';

/**
 * One busy, benign town for some days with attacks in it: people are told little that is not so, and of what is. The
 * whole measurement is `npm run noise`.
 */
const watched = await watch(catalogue, 1, 7);
const figures = figuresOf(watched);

/** What nobody is told of above a whisper: all of it waits for baselines of who deploys what, and of who is refused. */
const missed: readonly string[] = [
  'creates a hundred pods in two hours',
  'deploys an image from a new registry',
  'tries doors that stay closed',
];

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
  test.each(figures.found.filter(({ what }) => !missed.includes(what)))('are told of: $attack, $what', ({ minutes }) => {
    expect(minutes).toBeDefined();
  });

  it('pass only where it is known', () => {
    expect(
      figures.found
        .filter(({ minutes }) => minutes === undefined)
        .map(({ what }) => what)
        .sort(),
    ).toEqual(missed);
  });
});

it('is the same town for the same seed', async () => {
  const again = await watch(catalogue, 1, 1);
  const first = await watch(catalogue, 1, 1);
  expect(figuresOf(again)).toEqual(figuresOf(first));
});

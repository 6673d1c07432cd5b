import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Replay } from '../../cli/replaying.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { renderingFaults } from '../support/rendering.ts';
import { detectionsIn, quietScreen, replayOptionsFor, samplesIn, samplesRoot } from '../support/samples.ts';

/** Every sample goes through the pipeline as a user's file would: what fires is found, what is silent is not, and channels can tell of it. */

describe.each(catalogue)('$detection.id', ({ strategy, detection }) => {
  const samples = samplesIn(strategy, detection.id);

  test('has samples that fire and samples that stay silent, one of them almost', () => {
    expect(samples.filter(({ fires }) => fires).length).toBeGreaterThanOrEqual(2);
    expect(samples.filter(({ fires }) => !fires).length).toBeGreaterThanOrEqual(2);
    expect(samples.some(({ name }) => name.startsWith('silent/almost'))).toBe(true);
  });

  test.each(samples)('$name', async (sample) => {
    const { alerts, tally } = await new Replay(replayOptionsFor(sample)).run(quietScreen);
    const found = alerts.flatMap(detectionsIn);
    if (sample.fires) expect(found).toContain(sample.detection);
    else expect(found).not.toContain(sample.detection);
    expect(alerts.flatMap(renderingFaults)).toEqual([]);
    // A silent sample that nobody could read would prove nothing.
    expect(tally.lines).toBeGreaterThan(0);
  });
});

test('every sample belongs to a detection', () => {
  const ids = new Set(catalogue.map(({ strategy, detection }) => `${strategy}/${detection.id}`));
  const folders = readdirSync(samplesRoot).flatMap((strategy) =>
    readdirSync(join(samplesRoot, strategy))
      .filter((entry) => statSync(join(samplesRoot, strategy, entry)).isDirectory())
      .map((detection) => `${strategy}/${detection}`),
  );
  expect(folders.filter((folder) => !ids.has(folder))).toEqual([]);
});

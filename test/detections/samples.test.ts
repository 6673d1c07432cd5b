import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readOptions, type ReplayOptions } from '../../cli/options.ts';
import { Replay } from '../../cli/replaying.ts';
import { catalogue } from '../../shared/detect/registry.ts';

/** Every sample goes through the pipeline as a user's file would: what fires is found, what is silent is not. */

const root = join(import.meta.dirname, '../../events/samples');

interface Sample {
  readonly detection: string;
  readonly fires: boolean;
  readonly name: string;
  readonly path: string;
  readonly history: string | undefined;
  /** What is known about the site: a file `NAME.site.json` beside the sample. */
  readonly site: string | undefined;
}

function samplesIn(strategy: string, detection: string): Sample[] {
  return ['fires', 'silent'].flatMap((kind) => {
    const folder = join(root, strategy, detection, kind);
    if (!existsSync(folder)) return [];
    const entries = readdirSync(folder).sort();
    return entries
      .filter((entry) => !/\.history(\.|$)|\.site\.json$/.test(entry))
      .map((entry) => {
        const stem = entry.replace(/\.(ndjson|log)$/, '');
        const history = entries.find((other) => other.startsWith(`${stem}.history`));
        const site = entries.find((other) => other === `${stem}.site.json`);
        return {
          detection,
          fires: kind === 'fires',
          name: `${kind}/${stem}`,
          path: join(folder, entry),
          history: history && join(folder, history),
          site: site && join(folder, site),
        };
      });
  });
}

function optionsFor({ path, history, site }: Sample): ReplayOptions {
  const options = readOptions([
    ...(history === undefined ? [] : ['--learn', history]),
    ...(site === undefined ? [] : ['--site', site]),
    '--cluster',
    'harbour',
    '--vpc',
    '10.0.0.0/16',
    path,
  ]);
  if (options === 'help') throw new Error('unreachable: no --help was given');
  return options;
}

const quiet = { isTTY: false, columns: 80, write: () => true };

describe.each(catalogue)('$detection.id', ({ strategy, detection }) => {
  const samples = samplesIn(strategy, detection.id);

  test('has samples that fire and samples that stay silent, one of them almost', () => {
    expect(samples.filter(({ fires }) => fires).length).toBeGreaterThanOrEqual(2);
    expect(samples.filter(({ fires }) => !fires).length).toBeGreaterThanOrEqual(2);
    expect(samples.some(({ name }) => name.startsWith('silent/almost'))).toBe(true);
  });

  test.each(samples)('$name', async (sample) => {
    const { alerts, tally } = await new Replay(optionsFor(sample)).run(quiet);
    const found = alerts.map(({ speaker }) => speaker.detection);
    if (sample.fires) expect(found).toContain(sample.detection);
    else expect(found).not.toContain(sample.detection);
    // A silent sample that nobody could read would prove nothing.
    expect(tally.lines).toBeGreaterThan(0);
  });
});

test('every sample belongs to a detection', () => {
  const ids = new Set(catalogue.map(({ strategy, detection }) => `${strategy}/${detection.id}`));
  const folders = readdirSync(root).flatMap((strategy) =>
    readdirSync(join(root, strategy))
      .filter((entry) => statSync(join(root, strategy, entry)).isDirectory())
      .map((detection) => `${strategy}/${detection}`),
  );
  expect(folders.filter((folder) => !ids.has(folder))).toEqual([]);
});

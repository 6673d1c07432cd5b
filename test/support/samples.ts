import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions, type ReplayOptions } from '../../cli/options.ts';
import type { Alert } from '../../shared/triage/alert.ts';

/** Where the samples of all detections stand. */
export const samplesRoot = join(import.meta.dirname, '../../events/samples');

/** A sample of a detection, and what belongs to it. */
export interface Sample {
  readonly detection: string;
  readonly fires: boolean;
  readonly name: string;
  readonly path: string;
  readonly history: string | undefined;
  /** What is known about the site: a file `NAME.site.json` beside the sample. */
  readonly site: string | undefined;
}

/** The samples of a detection: those that fire, then those that stay silent. */
export function samplesIn(strategy: string, detection: string): Sample[] {
  return ['fires', 'silent'].flatMap((kind) => {
    const folder = join(samplesRoot, strategy, detection, kind);
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

/** How a user would replay a sample. */
export function replayOptionsFor({ path, history, site }: Sample): ReplayOptions {
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

/** A terminal that nobody looks at. */
export const quietScreen = { isTTY: false, columns: 80, write: () => true };

/** The detections that an alert speaks for: an incident tells of several sequences. */
export function detectionsIn({ speaker, reasons = [] }: Alert): string[] {
  return [speaker.detection, ...reasons.map(({ detection }) => detection)];
}

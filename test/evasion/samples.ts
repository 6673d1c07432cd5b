import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readSiteFile } from '../../cli/site-file.ts';
import type { Sample } from '../support/samples.ts';
import type { Replayed, Text } from './replay.ts';

/** A sample as it is replayed: what it learns, then all of it at once. */
export function replayed({ path, history, site }: Sample): Replayed {
  return {
    learnt: history === undefined ? [] : textsAt(history),
    arrivals: [textsAt(path)],
    ...(site === undefined ? {} : { site: readSiteFile(site) }),
  };
}

function textsAt(path: string): Text[] {
  if (statSync(path).isDirectory())
    return readdirSync(path, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? textsAt(join(entry.parentPath, entry.name)) : [],
    );
  const bytes = readFileSync(path);
  return [{ path, text: (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8') }];
}

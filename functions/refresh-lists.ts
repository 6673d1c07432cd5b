import { s3Client } from '../shared/adapters/aws-clients.ts';
import { isAbsent, S3Objects } from '../shared/adapters/s3-objects.ts';
import { compiledLists } from '../shared/contract/site.ts';
import { type CompiledList, decodeLists, encodeLists, NotCompiled } from '../shared/lists/compiled.ts';
import { refreshLists } from '../shared/lists/refreshing.ts';
import type { ClockEvent } from './clock.ts';
import { listSources, setting } from './environment.ts';
import { handling } from './handling.ts';
import { count, logger } from './telemetry.ts';
import { once } from './wiring.ts';

const objects = once(() => new S3Objects(s3Client()));

/** Fetches the lists of addresses that the configuration names, and keeps them compiled for the functions that judge. */
export const handler = handling<ClockEvent>(async () => {
  const bucket = setting('listBucket');
  const { lists, changed, failures } = await refreshLists(listSources(), await lastGood(bucket), ({ bucket: from, key }, known) =>
    objects().read(from, key, known),
  );
  if (changed) await objects().write(bucket, compiledLists.object, encodeLists(lists));
  for (const failure of failures) logger.error('list of addresses is not refreshed; its last good version, if any, holds', { ...failure });
  count('listsNotRefreshed', failures.length);
  logger.info('lists of addresses', { lists: lists.map(({ name, kind, asOf, ranges: { size } }) => ({ name, kind, asOf, ranges: size })) });
});

/** The lists of the last time. Throws where they are there and cannot be fetched: to go on would be to forget them. */
async function lastGood(bucket: string): Promise<readonly CompiledList[]> {
  try {
    const kept = await objects().read(bucket, compiledLists.object);
    return kept === 'unchanged' ? [] : decodeLists(kept.bytes);
  } catch (error) {
    if (isAbsent(error) || error instanceof NotCompiled) return [];
    throw error;
  }
}

import { S3Objects } from '../shared/adapters/s3-objects.ts';
import { s3Client } from '../shared/adapters/aws-clients.ts';
import { compiledLists } from '../shared/contract/site.ts';
import { ListKeeper } from '../shared/lists/keeper.ts';
import { ListShelf } from '../shared/model/listed.ts';
import { deployedLists, listBucket, site } from './environment.ts';
import { count, logger } from './telemetry.ts';
import { once } from './wiring.ts';

const deployed = once(deployedLists);

/** Lists of addresses: those that were deployed, and those that the stack refreshes. */
export const shelf = once(() => new ListShelf(deployed(), site().awaited));

const keeper = once(() => {
  const bucket = listBucket();
  if (bucket === undefined) return undefined;
  const objects = new S3Objects(s3Client());
  return new ListKeeper(shelf(), deployed(), {
    fetch: (known) => objects.read(bucket, compiledLists.object, known),
    now: Date.now,
    failed: (error) => {
      count('faults');
      logger.error('lists of addresses cannot be read; those there are hold', { error });
    },
  });
});

/** Looks for newer lists, where any are refreshed. */
export async function freshenLists(): Promise<void> {
  await keeper()?.freshen();
}

import type { Configuration } from '../../infra/config.ts';
import { configuration as example } from '../../infra/plimsoll.config.ts';

/** Where a list of bad addresses is fetched from, and what stands in it: where the intruder of the story uploads to. */
export const threatList = { bucket: 'example-feeds', key: 'threat.txt', text: '198.51.100.200\n' };

/** Where Falco of the rehearsed cluster reports to. */
export const falcoGroup = '/nodes/falco';

/** What is rehearsed: the example, and what it does not ask for. */
export const rehearsed: Configuration = {
  ...example,
  signals: [{ cluster: 'production', logGroup: falcoGroup, from: 'falco' }],
  networks: { ...example.networks, lists: { threat: `s3://${threatList.bucket}/${threatList.key}` } },
};

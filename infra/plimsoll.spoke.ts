import type { SpokeConfiguration } from './spoke.ts';

/** The example of an account that is watched from another one, which names it among its `spokes`. */
export const spoke: SpokeConfiguration = {
  hub: { account: '111122223333', region: 'eu-central-1' },
  clusters: [{ name: 'production' }],
};

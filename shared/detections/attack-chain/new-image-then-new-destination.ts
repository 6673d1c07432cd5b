import { sequence } from '../../detect/kit.ts';
import { newTraffic } from '../../knowledge/chain-steps.ts';

/** A workload was given another image, and then reached for something it never did. Strategy: ./ADS.md */
export const newImageThenNewDestination = sequence({
  id: 'new-image-then-new-destination',
  title: 'Workload given a suspicious image, then unusual traffic from it',
  severity: 'critical',
  confidence: 'medium',
  attack: ['T1525', 'T1610', 'T1071', 'T1046'],
  rows: ['D158'],
  next: 'Restore the workload’s previous image, keep one of its pods isolated for analysis, and ask who published the new image.',
  steps: [
    {
      of: ['image-changed', 'image-not-allowed', 'image-from-new-registry', 'container-added', 'offensive-image-deployed'],
      atLeast: 'medium',
    },
    { of: newTraffic, atLeast: 'medium' },
  ],
  on: ['workload'],
  within: 60 * 60_000,
  summary:
    'A workload was given an image or a container that does not belong to it, and within an hour it scanned, uploaded or talked to a destination it never talked to',
});

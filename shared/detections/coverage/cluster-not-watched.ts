import { coverage } from '../../detect/kit.ts';
import { gapVerdict, mustBeTold } from '../../knowledge/gap-ids.ts';

/** A cluster of the Region that nobody watches, or whose traffic nobody does. Strategy: ./ADS.md */
export const clusterNotWatched = coverage.detection({
  id: 'cluster-not-watched',
  title: 'Cluster that is not watched',
  severity: 'medium',
  confidence: 'high',
  attack: ['T1685.002'],
  rows: ['D115'],
  next: 'Ask whose cluster it is; if it is to stay, add it to the configuration, and look at who made it in CloudTrail if nobody knows.',
  reads: ['cluster-not-watched', 'flow-not-configured'],
  when: mustBeTold,
  judge: (event) => ({ ...gapVerdict(event), ...(event.gap.id === 'flow-not-configured' ? { severity: 'low' } : {}) }),
});

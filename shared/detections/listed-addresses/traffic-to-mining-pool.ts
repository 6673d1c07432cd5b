import { flow } from '../../detect/kit.ts';
import { listedTraffic, listedTrafficText } from '../../knowledge/listed-traffic.ts';
import type { FlowEvent } from '../../model/flow.ts';

/** A workload or node talks to a pool of cryptocurrency miners. Strategy: ./ADS.md */
export const trafficToMiningPool = flow.detection({
  id: 'traffic-to-mining-pool',
  title: 'Traffic to a mining pool',
  severity: 'high',
  confidence: 'high',
  attack: ['T1496.001'],
  rows: ['D130'],
  needs: ['list:mining'],
  next: 'Find out which container burns the processor, keep its image and command, and delete the workload together with whatever would create it again.',
  reads: 'all',
  when: (event: FlowEvent) => listedTraffic(event, 'mining')?.outward === true,
  judge: (event) => {
    const traffic = listedTraffic(event, 'mining');
    if (traffic === undefined) return undefined;
    return {
      entity: traffic.holder.entity,
      // Miners try one pool after the other.
      about: 'mining pools',
      summary: listedTrafficText(event, traffic, 'a pool of cryptocurrency miners'),
      severity: event.accepted ? 'high' : 'medium',
      confidence: traffic.holder.basis === 'pod' || traffic.holder.basis === 'node' ? 'high' : 'medium',
    };
  },
});

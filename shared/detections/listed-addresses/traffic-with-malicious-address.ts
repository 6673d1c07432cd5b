import { flow } from '../../detect/kit.ts';
import { listedTraffic, listedTrafficText } from '../../knowledge/listed-traffic.ts';
import type { FlowEvent } from '../../model/flow.ts';

/** A workload or node talks with an address that a feed or the operator holds for malicious. Strategy: ./ADS.md */
export const trafficWithMaliciousAddress = flow.detection({
  id: 'traffic-with-malicious-address',
  title: 'Traffic with a malicious address',
  severity: 'high',
  // Feeds keep addresses long after somebody else has them, and one address may serve many sites.
  confidence: 'medium',
  attack: ['T1071', 'T1041'],
  rows: ['D128'],
  needs: ['list:threat'],
  next: 'Isolate the pod with a NetworkPolicy that denies all traffic, then find out which process talks to the address and what it sent.',
  reads: 'all',
  when: (event: FlowEvent) => listedTraffic(event, 'threat') !== undefined,
  judge: (event) => {
    const traffic = listedTraffic(event, 'threat');
    if (traffic === undefined) return undefined;
    const { listing, outward, holder, far } = traffic;
    const named = holder.basis === 'pod' || holder.basis === 'node';
    return {
      entity: holder.entity,
      // Who opens connections to bad addresses does it for a reason each; who is open to the internet is called by all of them.
      about: outward ? far.network : `called by ${listing.name}`,
      summary: listedTrafficText(event, traffic, 'on the list of malicious addresses'),
      severity: outward ? (event.accepted ? 'high' : 'medium') : named ? 'medium' : 'low',
      confidence: outward && named ? 'medium' : 'low',
    };
  },
});

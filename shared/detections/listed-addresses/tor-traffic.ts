import { flow } from '../../detect/kit.ts';
import { listedTraffic, listedTrafficText } from '../../knowledge/listed-traffic.ts';
import type { FlowEvent } from '../../model/flow.ts';

/** Ports that relays listen on unless told otherwise: connections, and the directory. Source: Tor manual, "ORPort" and "DirPort". */
const relayPorts: ReadonlySet<number> = new Set([9001, 9030]);

/** A workload or node uses the Tor network, or is a part of it. Strategy: ./ADS.md */
export const torTraffic = flow.detection({
  id: 'tor-traffic',
  title: 'Traffic with the Tor network',
  severity: 'high',
  confidence: 'high',
  attack: ['T1090.003'],
  rows: ['D129'],
  needs: ['list:tor'],
  next: 'Ask the workload’s owner whether it is meant to use Tor; if not, isolate the pod with a NetworkPolicy and look at what runs in it.',
  reads: 'all',
  when: (event: FlowEvent) => listedTraffic(event, 'tor') !== undefined,
  judge: (event) => {
    const traffic = listedTraffic(event, 'tor');
    if (traffic === undefined) return undefined;
    const { outward, holder } = traffic;
    const relayed = relayPorts.has(event.port);
    // Anybody may read a public site through Tor; on the port of a relay they come for the relay.
    const visitor = !outward && !relayed;
    return {
      entity: holder.entity,
      // A client talks to several relays, and a relay to all of them.
      about: outward ? 'to Tor' : relayed ? 'relay' : 'from Tor',
      summary: listedTrafficText(event, traffic, outward || relayed ? 'a relay of the Tor network' : 'an exit node of the Tor network'),
      severity: visitor ? 'low' : event.accepted ? 'high' : 'medium',
      confidence: visitor ? 'low' : relayed ? 'high' : 'medium',
    };
  },
});

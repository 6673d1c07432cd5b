import { flow, seenSet } from '../../detect/kit.ts';
import { publicResolver } from '../../knowledge/public-resolvers.ts';
import { holderText } from '../../knowledge/sender.ts';
import { destinations, goesOut, rememberedDays, senderKey, senderName, watched } from '../../knowledge/sender-habits.ts';
import { portText } from '../../knowledge/service-port.ts';
import type { FlowEvent } from '../../model/flow.ts';

/** DNS, DNS over TLS or QUIC, multicast DNS asked of one server. Source: RFC 1035, RFC 7858, RFC 6762. */
const resolution: ReadonlySet<number> = new Set([53, 853, 5353]);
const https = 443;
const tcp = 6;

/** The cluster's own resolver is a pod; Amazon's is not logged. What else answers is foreign, or stands in a data centre. */
const isQuestion = (event: FlowEvent): boolean => {
  if (event.port === https) return publicResolver(event.responder.address) !== undefined;
  return resolution.has(event.port) && event.to.basis !== 'pod' && (event.responder.reach === 'private' || goesOut(event));
};
const way = ({ protocol, port, responder }: FlowEvent): string => `${String(protocol)}/${String(port)} of ${responder.network}`;

/** A workload asks another resolver than the cluster's, or asks it over HTTPS. Strategy: ./ADS.md */
export const resolverBypassed = flow.detection({
  id: 'resolver-bypassed',
  title: 'Names resolved past the cluster’s resolver',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1572', 'T1048'],
  rows: ['D140'],
  needs: ['flow:ports'],
  next: 'Ask the workload’s owner why it does not use the cluster’s resolver; if nobody knows, block the address and look for a tunnel in the pod.',
  reads: 'accepted',
  when: (event: FlowEvent) => event.initiator.reach === 'private' && isQuestion(event),
  novelty: (event) => `${senderName(event)} ${event.responder.address} ${way(event)}`,
  memory: {
    own: destinations,
    watched,
    resolvers: seenSet({ id: 'resolvers', key: senderKey, member: way, days: rememberedDays, warmUpDays: 0 }),
    everyones: seenSet({ id: 'resolvers-of-all', key: () => [], member: way, days: rememberedDays, warmUpDays: 0 }),
  },
  judge: (event, { own, watched: flows, resolvers, everyones }) => {
    if (flows.learning || resolvers.has(way(event))) return undefined;
    const { from, initiator, responder, protocol, port } = event;
    const shared = everyones.has(way(event));
    const operator = publicResolver(responder.address);
    const form = port === https ? 'perhaps DNS over HTTPS' : protocol === tcp && port !== 853 ? 'DNS over TCP, which carries more' : 'DNS';
    return {
      entity: from.entity,
      about: responder.network,
      summary:
        `${holderText(from, initiator.address)} asked ${responder.address}${operator === undefined ? '' : ` (resolver of ${operator})`} on ` +
        `${portText(event)}: ${form}; ` +
        (own.learning ? 'it is new here' : `in ${String(Math.min(own.age, rememberedDays))} days it never did`) +
        `${shared ? ', others in this cluster do' : ''}.`,
      baseline: { 'known for days': Math.min(own.age, rememberedDays), 'known resolvers': resolvers.some(5).join(', ') },
      severity: shared || responder.reach === 'private' ? 'low' : 'medium',
      confidence: from.basis === 'pod' && port !== https ? 'medium' : 'low',
    };
  },
});

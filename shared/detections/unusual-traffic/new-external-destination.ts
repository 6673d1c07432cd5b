import { flow } from '../../detect/kit.ts';
import { holderText, maySendOn } from '../../knowledge/sender.ts';
import {
  destinations,
  destinationsOfAll,
  inside,
  outsideHabit,
  rememberedDays,
  senderAndHabit,
  watched,
} from '../../knowledge/sender-habits.ts';
import { isEverydayPort, portText } from '../../knowledge/service-port.ts';
import { isNetwork } from '../../model/destination.ts';
import type { FlowEvent } from '../../model/flow.ts';

/**
 * A sender of this many networks calls services that are everywhere, browses or crawls: one more says little. So do all nodes
 * together where they translate addresses, and everybody together, by whom the young are judged.
 */
const manyDestinations = 12;
/** A sender that calls networks, and not one, calls something that is in several places: on the ports that everything uses it may be in one more. */
const severalNetworks = 2;

/** A workload talks to a network on the internet, or an AWS service, that it never talked to. Strategy: ./ADS.md */
export const newExternalDestination = flow.detection({
  id: 'new-external-destination',
  title: 'Traffic to an external destination never seen before',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1071', 'T1041', 'T1571'],
  rows: ['D131', 'D132'],
  next: 'Look up who owns the address and ask the workload’s owner about it; if nobody knows, isolate the pod with a NetworkPolicy, then look.',
  reads: 'accepted',
  when: ({ initiator }: FlowEvent) => initiator.reach === 'private',
  novelty: senderAndHabit,
  // Every sender inside comes by here: what is watched at all is noted for those that judge rare traffic.
  memory: { own: destinations, everyone: destinationsOfAll, watched },
  judge: (event, { own, everyone }) => {
    const destination = outsideHabit(event);
    const known = own.learning ? everyone : own;
    if (destination === inside || known.learning || known.has(destination)) return undefined;
    const { from, initiator, responder, port, bytes } = event;
    const age = Math.min(known.age, rememberedDays);
    const never = own.learning ? 'nobody in this cluster ever' : from.basis === 'pod' ? 'it never' : 'no such sender ever';
    const names = known.some(manyDestinations).filter((name) => name !== inside);
    const shared = everyone.has(destination);
    const minor = shared || maySendOn(from);
    const everyday = isEverydayPort(port);
    const busy = known.size > manyDestinations;
    const spread = busy || names.filter(isNetwork).length >= severalNetworks;
    return {
      // Nodes share one habit, and so one alert, which names one of them.
      entity: from.basis === 'node' ? { ...from.entity, id: 'nodes' } : from.entity,
      // What is new to a sender on the ports that everything uses is one matter: partners move from network to network.
      about: everyday ? 'everyday ports' : destination,
      summary:
        `${holderText(from, initiator.address)} sent ${String(bytes)} bytes to ${responder.address} (${destination}) on ${portText(event)}, ` +
        `where in ${String(age)} days ${never} sent any${shared ? '; others in this cluster did' : ''}.`,
      baseline: {
        'known destinations': known.size - (known.has(inside) ? 1 : 0),
        'such as': names.slice(0, 5).join(', '),
        'known for days': age,
      },
      severity: minor || (spread && everyday) ? 'low' : busy || everyday ? 'medium' : 'high',
      confidence: from.basis === 'pod' && !own.learning ? 'medium' : 'low',
    };
  },
});

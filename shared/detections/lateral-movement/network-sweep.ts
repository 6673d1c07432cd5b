import { flow } from '../../detect/kit.ts';
import { neighboursOf } from '../../knowledge/peers.ts';
import { holderText, isProbe } from '../../knowledge/sender.ts';
import { isEverydayPort, portText } from '../../knowledge/service-port.ts';
import type { FlowEvent } from '../../model/flow.ts';

/** One sender knocks at the same port of many addresses. Strategy: ./ADS.md */
export const networkSweep = flow.threshold({
  id: 'network-sweep',
  title: 'One port tried at many addresses',
  severity: 'high',
  confidence: 'high',
  attack: ['T1046'],
  rows: ['D136'],
  needs: ['flow:bytes', 'flow:ports'],
  next: 'Isolate the sender with a NetworkPolicy, then see which of the addresses answered it: they are where it went next.',
  reads: 'all',
  // On everyday ports any client meets hundreds of addresses outside; inside, and on other ports, it does not.
  when: (event: FlowEvent) =>
    event.initiator.reach === 'private' && isProbe(event) && (event.responder.reach === 'private' || !isEverydayPort(event.port)),
  count: {
    by: ({ from, protocol, port }) => [from.entity.id, String(protocol), String(port)],
    member: ({ responder }) => responder.address,
    within: ({ from }) => neighboursOf(from),
    minutes: 60,
  },
  limit: { ceiling: 50, profile: { floor: 25, deviations: 6 } },
  judge: (event, { count, limit, minutes, baseline }) => {
    const { from, initiator } = event;
    return {
      entity: from.entity,
      about: portText(event),
      summary:
        `${holderText(from, initiator.address)} tried ${portText(event)} of ${String(count)} addresses within ${String(minutes)} minutes ` +
        `with next to nothing sent, where ${String(limit)} is the limit.`,
      baseline: { ...baseline, limit },
      // Load balancers probe their targets' ports and are no pods: the address alone cannot tell.
      ...(from.basis === 'interface'
        ? { severity: 'medium', confidence: 'low' }
        : { confidence: from.basis === 'pod' ? 'high' : 'medium' }),
    };
  },
});

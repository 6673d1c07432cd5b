import { flow, seenSet } from '../../detect/kit.ts';
import { holderText } from '../../knowledge/sender.ts';
import { goesOut, rememberedDays, senderKey, senderName, watched } from '../../knowledge/sender-habits.ts';
import { portHabit, portText } from '../../knowledge/service-port.ts';
import type { FlowEvent } from '../../model/flow.ts';

/** ICMP, TCP, UDP, ICMPv6: what every host speaks. Source: IANA protocol numbers. */
const everyday: ReadonlySet<number> = new Set([1, 6, 17, 58]);

/** Somebody speaks a protocol beside TCP, UDP and ICMP that he never spoke. Strategy: ./ADS.md */
export const unusualProtocol = flow.detection({
  id: 'unusual-protocol',
  title: 'IP protocol never used before',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1095'],
  rows: ['D141'],
  next: 'Ask whether a VPN, a mesh or a network plug-in was installed; if not, look for a tunnel in the pod or on the node.',
  reads: 'accepted',
  when: (event: FlowEvent) =>
    !everyday.has(event.protocol) &&
    event.protocol >= 0 &&
    event.initiator.reach === 'private' &&
    (event.responder.reach === 'private' || goesOut(event)),
  novelty: (event) => `${senderName(event)} ${portHabit(event)}`,
  memory: {
    watched,
    own: seenSet({ id: 'protocols', key: senderKey, member: portHabit, days: rememberedDays, warmUpDays: 0 }),
    everyones: seenSet({ id: 'protocols-of-all', key: () => [], member: portHabit, days: rememberedDays, warmUpDays: 0 }),
  },
  judge: (event, { watched: flows, own, everyones }) => {
    const habit = portHabit(event);
    if (flows.learning || own.has(habit)) return undefined;
    const { from, to, initiator, responder } = event;
    const shared = everyones.has(habit);
    const peer = responder.reach === 'private' ? holderText(to, responder.address) : `${responder.address} (${responder.network})`;
    return {
      entity: from.entity,
      about: habit,
      summary:
        `${holderText(from, initiator.address)} spoke ${portText(event)} with ${peer}, ` +
        `which ${shared ? 'others in this cluster speak and it never did' : `in ${String(Math.min(flows.age, rememberedDays))} days nobody in this cluster spoke`}.`,
      baseline: { 'known protocols': everyones.some(5).join(', '), 'known for days': Math.min(flows.age, rememberedDays) },
      severity: shared ? 'low' : 'medium',
      confidence: from.basis === 'pod' ? 'medium' : 'low',
    };
  },
});

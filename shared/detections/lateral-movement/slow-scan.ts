import { flow, seenSet } from '../../detect/kit.ts';
import { holderText, isProbe } from '../../knowledge/sender.ts';
import { rememberedDays } from '../../knowledge/sender-habits.ts';
import { portHabit, portText } from '../../knowledge/service-port.ts';
import type { FlowEvent } from '../../model/flow.ts';

const tcp = 6;
const udp = 17;

/** Ports of one target, a few more than a fast scan is told by; doors of all targets together, of which dead pods make some. */
const limits = { ports: 25, doors: 60 };

/** Pods are told apart by workload, and strangers by network: the same door of a new replica is no new door. */
const door = (event: FlowEvent): string => {
  const { to, responder } = event;
  const target = to.basis === 'pod' ? to.entity.name : to.basis === 'node' ? 'nodes' : responder.network;
  return `${target} ${portHabit(event)}`;
};

/** One sender tries one door today and another tomorrow. Strategy: ./ADS.md */
export const slowScan = flow.detection({
  id: 'slow-scan',
  title: 'Many doors tried over days',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1046'],
  rows: ['D135', 'D136'],
  needs: ['flow:bytes', 'flow:ports'],
  next: 'Look up what the sender is for; if it is no scanner and no monitor, isolate it and read its exec sessions and its image.',
  reads: 'all',
  when: (event: FlowEvent) =>
    (event.protocol === tcp || event.protocol === udp) &&
    event.port > 0 &&
    // Who has an address that no pod or node is known to have is not known to be the same after a month.
    (event.from.basis === 'pod' || event.from.basis === 'node') &&
    event.initiator.reach === 'private' &&
    event.responder.reach === 'private' &&
    isProbe(event),
  novelty: (event) => `${event.from.entity.id} ${event.to.entity.id} ${door(event)}`,
  memory: {
    ports: seenSet({
      id: 'ports-tried',
      key: ({ from, to }: FlowEvent) => [from.entity.id, to.entity.id],
      member: portHabit,
      days: rememberedDays,
      warmUpDays: 0,
    }),
    doors: seenSet({
      id: 'doors-tried',
      key: ({ from }: FlowEvent) => [from.entity.id],
      member: door,
      days: rememberedDays,
      warmUpDays: 0,
    }),
  },
  judge: (event, { ports, doors }) => {
    const habit = portHabit(event);
    if (ports.has(habit) && doors.has(door(event))) return undefined;
    const deep = !ports.has(habit) && ports.size + 1 >= limits.ports;
    const wide = !doors.has(door(event)) && doors.size + 1 >= limits.doors;
    if (!deep && !wide) return undefined;
    const { from, to, initiator, responder } = event;
    const tried = deep
      ? `${String(ports.size + 1)} ports of ${holderText(to, responder.address)}`
      : `${String(doors.size + 1)} ports of different workloads and networks`;
    return {
      entity: from.entity,
      about: deep ? to.entity.id : 'many targets',
      summary:
        `${holderText(from, initiator.address)} has tried ${tried} within ${String(rememberedDays)} days, the last one ${portText(event)} of ` +
        `${responder.address}, and said next to nothing to any.`,
      baseline: { limit: deep ? limits.ports : limits.doors, 'tried before': (deep ? ports : doors).some(5).join(', ') },
      ...(from.basis === 'pod' ? {} : { severity: 'low', confidence: 'low' }),
    };
  },
});

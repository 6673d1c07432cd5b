import { flow, seenSet } from '../../detect/kit.ts';
import { holderText, maySendOn } from '../../knowledge/sender.ts';
import {
  destinations,
  destinationsOfAll,
  goesOut,
  outsideHabit,
  rememberedDays,
  senderKey,
  senderName,
} from '../../knowledge/sender-habits.ts';
import { isEverydayPort, isSensitivePort, portHabit, portText } from '../../knowledge/service-port.ts';
import type { FlowEvent } from '../../model/flow.ts';

const spec = { member: portHabit, days: rememberedDays, warmUpDays: 3 };

/** A workload uses another port than ever before, at a destination outside that it knows. Strategy: ./ADS.md */
export const newExternalPort = flow.detection({
  id: 'new-external-port',
  title: 'Port never used before, at a known external destination',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1571'],
  rows: ['D132'],
  needs: ['flow:ports'],
  next: 'Ask the workload’s owner what runs on that port there; if nobody knows, isolate the pod with a NetworkPolicy, then look.',
  reads: 'accepted',
  when: (event: FlowEvent) => !isEverydayPort(event.port) && event.initiator.reach === 'private' && goesOut(event),
  novelty: (event) => `${senderName(event)} ${outsideHabit(event)} ${portHabit(event)}`,
  memory: {
    own: destinations,
    everyone: destinationsOfAll,
    ports: seenSet({ id: 'external-ports', key: senderKey, ...spec }),
    portsOfAll: seenSet({ id: 'external-ports-of-all', key: () => [], ...spec }),
  },
  judge: (event, { own, everyone, ports, portsOfAll }) => {
    const { from, initiator, responder, port } = event;
    const habit = portHabit(event);
    const known = own.learning ? everyone : own;
    // A destination that is new is told as such, whatever the port.
    if (ports.has(habit) || known.learning || !known.has(outsideHabit(event))) return undefined;
    const common = portsOfAll.has(habit);
    if (own.learning && common) return undefined;
    const age = Math.min(known.age, rememberedDays);
    return {
      entity: from.entity,
      about: habit,
      summary:
        `${holderText(from, initiator.address)} called ${responder.address} (${outsideHabit(event)}), which it knows, on ${portText(event)}, ` +
        `which in ${String(age)} days it used nowhere outside${common ? '; others in this cluster do' : ' and nobody else did'}.`,
      baseline: { 'known ports': ports.some(5).join(', '), 'known for days': age },
      severity: common || maySendOn(from) ? 'low' : isSensitivePort(port) ? 'high' : 'medium',
      confidence: from.basis === 'pod' && !own.learning ? 'medium' : 'low',
    };
  },
});

import { flow } from '../../detect/kit.ts';
import { isMiningPort } from '../../knowledge/mining-ports.ts';
import { neighboursOf } from '../../knowledge/peers.ts';
import { goesOut } from '../../knowledge/sender-habits.ts';
import { holderText } from '../../knowledge/sender.ts';
import { portText } from '../../knowledge/service-port.ts';
import type { FlowEvent } from '../../model/flow.ts';

/** Bytes a minute: jobs and shares of a miner are a few hundred bytes each, whatever it earns. Source: Stratum mining protocol. */
const mostOfMiner = 60_000;

/** Somebody talks for long and says little, on a port of mining pools. Strategy: ./ADS.md */
export const miningPortUsed = flow.threshold({
  id: 'mining-port-used',
  title: 'Long, thin connection to a port of mining pools',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1496.001'],
  rows: ['D130'],
  needs: ['flow:bytes', 'flow:ports'],
  next: 'Look at the CPU of the pod and at what runs in it; if it mines, isolate it, then find out how it got there.',
  reads: 'accepted',
  when: (event: FlowEvent) =>
    isMiningPort(event.port) &&
    event.initiator.reach === 'private' &&
    goesOut(event) &&
    event.bytes > 0 &&
    event.bytes <= event.lines * mostOfMiner,
  count: {
    by: ({ from, responder, port }) => [from.entity.id, responder.network, String(port)],
    member: ({ time }) => String(time),
    within: ({ from }) => neighboursOf(from),
    minutes: 60,
  },
  limit: { ceiling: 10 },
  judge: (event, { count, limit, minutes, baseline }) => {
    const { from, initiator, responder } = event;
    return {
      entity: from.entity,
      about: responder.network,
      summary:
        `${holderText(from, initiator.address)} talked to ${responder.address} on ${portText(event)}, where mining pools listen, ` +
        `in ${String(count)} of ${String(minutes)} minutes and sent little each time; ${String(limit)} minutes are the limit.`,
      baseline: { ...baseline, limit },
      confidence: from.basis === 'pod' ? 'medium' : 'low',
    };
  },
});

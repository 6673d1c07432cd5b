import { flow } from '../../detect/kit.ts';
import { isMachineLogin } from '../../knowledge/login-ports.ts';
import { neighboursOf } from '../../knowledge/peers.ts';
import { goesOut } from '../../knowledge/sender-habits.ts';
import { holderText, isShortTalk } from '../../knowledge/sender.ts';
import { portText } from '../../knowledge/service-port.ts';
import type { FlowEvent } from '../../model/flow.ts';

/** One sender connects over and over where people log in to machines. Strategy: ./ADS.md */
export const machineLoginsTried = flow.threshold({
  id: 'machine-logins-tried',
  title: 'Many short connections to logins of machines',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1110', 'T1021'],
  rows: ['D137'],
  needs: ['flow:tcp-flags', 'flow:bytes', 'flow:ports'],
  next: 'Isolate the sender with a NetworkPolicy, then read the login log of the machines it called for one that succeeded.',
  reads: 'accepted',
  when: (event: FlowEvent) => isMachineLogin(event.port) && event.initiator.reach === 'private' && isShortTalk(event),
  count: {
    by: ({ from, port }) => [from.entity.id, String(port)],
    members: ({ responder, openedFrom, time }) => openedFrom.map((from) => `${responder.address} ${String(from)} ${String(time)}`),
    within: ({ from }) => neighboursOf(from),
    minutes: 60,
  },
  limit: { ceiling: 200, profile: { floor: 40, deviations: 6 } },
  judge: (event, { count, limit, minutes, baseline }) => {
    const { from, to, initiator, responder } = event;
    const outside = goesOut(event);
    return {
      entity: from.entity,
      about: portText(event),
      summary:
        `${holderText(from, initiator.address)} made ${String(count)} short connections on ${portText(event)} to ` +
        `${outside ? responder.address : holderText(to, responder.address)} or others within ${String(minutes)} minutes; ${String(limit)} are the limit.`,
      baseline: { ...baseline, limit },
      // Repositories outside are fetched over SSH, too.
      severity: outside ? 'medium' : 'high',
      confidence: from.basis === 'pod' && !outside ? 'medium' : 'low',
    };
  },
});

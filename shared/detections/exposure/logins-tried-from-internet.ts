import { flow } from '../../detect/kit.ts';
import { isDatabaseLogin, isMachineLogin } from '../../knowledge/login-ports.ts';
import { holderText } from '../../knowledge/sender.ts';
import { portText } from '../../knowledge/service-port.ts';
import type { FlowEvent } from '../../model/flow.ts';

/** The internet connects over and over where one logs in. Strategy: ./ADS.md */
export const loginsTriedFromInternet = flow.threshold({
  id: 'logins-tried-from-internet',
  title: 'Many connections from the internet to a login',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1110', 'T1133'],
  rows: ['D137', 'D142'],
  needs: ['flow:tcp-flags', 'flow:ports', 'flow:action'],
  next: 'Switch the port off to the internet in the security group, then read the log of what answers there for a login that succeeded.',
  reads: 'accepted',
  when: (event: FlowEvent) =>
    (event.initiator.reach === 'public' || event.initiator.reach === 'aws') &&
    event.responder.reach === 'private' &&
    event.openedFrom.length > 0 &&
    (isMachineLogin(event.port) || isDatabaseLogin(event.port)),
  count: {
    // Whoever guesses comes from many addresses: what is guessed at is counted.
    by: ({ to, port }) => [to.entity.id, String(port)],
    members: ({ initiator, openedFrom, time }) => openedFrom.map((from) => `${initiator.address} ${String(from)} ${String(time)}`),
    minutes: 60,
  },
  limit: { ceiling: 60 },
  judge: (event, { count, limit, minutes, baseline }) => {
    const { to, initiator, responder } = event;
    return {
      entity: to.entity,
      about: portText(event),
      summary:
        `${holderText(to, responder.address)} took ${String(count)} connections from the internet on ${portText(event)} within ` +
        `${String(minutes)} minutes, lately from ${initiator.address}; ${String(limit)} are the limit.`,
      baseline: { ...baseline, limit },
      confidence: to.basis === 'pod' || to.basis === 'node' ? 'medium' : 'low',
    };
  },
});

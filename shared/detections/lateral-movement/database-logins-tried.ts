import { flow } from '../../detect/kit.ts';
import { isDatabaseLogin } from '../../knowledge/login-ports.ts';
import { neighboursOf } from '../../knowledge/peers.ts';
import { holderText, isShortTalk, sampledConnections, sampling } from '../../knowledge/sender.ts';
import { portText } from '../../knowledge/service-port.ts';
import type { FlowEvent } from '../../model/flow.ts';

/** One sender connects to a database over and over and never says more than a login does. Strategy: ./ADS.md */
export const databaseLoginsTried = flow.threshold({
  id: 'database-logins-tried',
  title: 'Many connections to a database that say no more than a login',
  severity: 'medium',
  confidence: 'low',
  attack: ['T1110'],
  rows: ['D137'],
  needs: ['flow:tcp-flags', 'flow:bytes', 'flow:ports'],
  next: 'Read the database’s log for failed logins: a wrong password in a release or somebody guessing; for the latter, isolate the sender.',
  reads: 'accepted',
  when: (event: FlowEvent) =>
    isDatabaseLogin(event.port) &&
    event.initiator.reach === 'private' &&
    isShortTalk(event, longestLogin) &&
    sampledConnections(event).length > 0,
  count: {
    by: ({ from, responder, port }) => [from.entity.id, responder.address, String(port)],
    // Databases are called all day: to write down each connection would cost more than it tells.
    members: (event) => sampledConnections(event).map((from) => `${String(from)} ${String(event.time)}`),
    within: ({ from }) => neighboursOf(from),
    minutes: 60,
  },
  limit: { ceiling: 40, profile: { floor: 12, deviations: 8 } },
  judge: (event, { count, limit, minutes, baseline }) => {
    const { from, to, initiator, responder } = event;
    return {
      entity: from.entity,
      about: responder.address,
      summary:
        `${holderText(from, initiator.address)} connected about ${String(count * sampling)} times to ${holderText(to, responder.address)} on ${portText(event)} ` +
        `within ${String(minutes)} minutes and said little each time; about ${String(limit * sampling)} are the limit.`,
      baseline: { ...baseline, limit, 'counted: one connection in': sampling },
    };
  },
});

/** Bytes of a refused login with headers: handshake, greeting, name and proof, end. Source: MySQL and PostgreSQL protocol documents. */
const longestLogin = 1_200;

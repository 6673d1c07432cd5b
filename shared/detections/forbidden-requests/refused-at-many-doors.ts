import { audit, callerId } from '../../detect/kit.ts';
import { askedFor, kindAsked } from '../../knowledge/deed.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { peersOf } from '../../knowledge/peers.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** One identity is refused many kinds of things: it does not know what it may. Strategy: ./ADS.md */
export const refusedAtManyDoors = audit.threshold({
  id: 'refused-at-many-doors',
  title: 'Many kinds of requests refused to one identity',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1613', 'T1069'],
  rows: ['D016', 'D031'],
  next: 'Ask the owner which program asks for all this; if nobody knows, look at what the same identity was allowed in that hour, and revoke it.',
  // Anything may be refused. Nearly every event ends at the first comparison.
  reads: { verbs: ['*'], resources: ['*'] },
  when: (event: AuditEvent) =>
    event.outcome === 'forbidden' && event.actor.type !== 'anonymous' && !isClusterItself(event) && !event.hasDuty('scanner'),
  // Kinds, and neither names nor namespaces: an operator whose role is too small is refused the same everywhere, all day.
  count: { by: ({ actor }) => [callerId(actor)], member: kindAsked, within: peersOf, minutes: 60 },
  limit: { ceiling: 12, profile: { floor: 8, deviations: 6 } },
  judge: (event, { count, limit, minutes, baseline }) => {
    const { type } = event.actor;
    const program = type === 'service-account' || type === 'node';
    return {
      entity: event.actor,
      summary:
        `${callerText(event)} was refused ${String(count)} different kinds of requests within ${String(minutes)} minutes, ` +
        `where ${String(limit)} is the limit; the last was ${shorten(askedFor(event))}${program ? '. Programs know what they may do' : ''}.`,
      baseline,
      // Consoles show people what they may not, and from the internet the address is told.
      ...(program ? {} : { severity: 'low' }),
    };
  },
});

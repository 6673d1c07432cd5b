import { audit, callerHabits, noveltyToRole } from '../../detect/kit.ts';
import { clientFamily } from '../../knowledge/client.ts';
import { askedFor } from '../../knowledge/deed.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

const clientUsed = ({ origin }: AuditEvent): string => clientFamily(origin.agent);

/** Somebody is refused with a client that was never refused before. Strategy: ./ADS.md */
export const refusedWithNewClient = audit.detection({
  id: 'refused-with-new-client',
  title: 'Request refused to a client that is new among the refused',
  // The client writes its own user agent: it hints, and it proves nothing.
  severity: 'low',
  confidence: 'low',
  attack: ['T1613', 'T1528'],
  rows: ['D032', 'D033'],
  next: 'Look at what else this caller did with the same client; a workload whose token turns up in a tool for people has lost it.',
  // Anything may be refused. Nearly every event ends at the first comparison.
  reads: { verbs: ['*'], resources: ['*'] },
  when: (event: AuditEvent) =>
    event.outcome === 'forbidden' && event.actor.type !== 'anonymous' && !isClusterItself(event) && !event.hasDuty('scanner'),
  memory: callerHabits('refused-client', clientUsed),
  judge: (event, habits) => {
    const client = clientUsed(event);
    const novelty = noveltyToRole(client, habits);
    if (novelty === undefined) return undefined;
    const { never, shared, baseline } = novelty;
    return {
      entity: event.actor,
      about: client,
      summary:
        `${callerText(event)} was refused ${shorten(askedFor(event))} with ` +
        `${event.origin.agent === '' ? 'a client that hides its name' : `a client that calls itself ${shorten(event.origin.agent)}`}; ` +
        `${never} was refused with it${shared ? ', though others in this cluster were' : ''}.`,
      baseline,
    };
  },
});

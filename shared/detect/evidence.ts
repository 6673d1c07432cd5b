import type { Event } from '../model/event.ts';
import type { Evidence } from '../model/finding.ts';
import { owned } from '../model/writing.ts';
import { deedOf } from './deed.ts';

/** Characters of a note: a URI alone may be a megabyte long. */
const longestNote = 1_000;

/** The record of an event that a person can look up. */
export function evidenceOf(event: Event): Evidence {
  const { note, ...record } = describe(event);
  const deed = deedOf(event);
  return {
    ...record,
    note: note.length <= longestNote ? note : `${note.slice(0, longestNote)}…`,
    ...(deed === undefined ? {} : { deed }),
  };
}

function describe(event: Event): Omit<Evidence, 'deed'> {
  switch (event.source) {
    case 'audit':
      return {
        time: event.time,
        eventId: owned(event.auditId),
        note: `${event.actor.name} from ${event.origin.address || 'an unknown address'}: ${event.verb} ${event.uri}`,
      };
    case 'authenticator':
      return {
        time: event.time,
        eventId: event.recordId,
        note: `${event.arn || 'an unknown principal'}: access ${event.outcome}${event.error && `: ${event.error}`}`,
      };
    case 'api':
      return {
        time: event.time,
        eventId: event.eventId,
        note: `${event.actor.name} from ${event.origin.address}: ${event.service}:${event.action}${event.error && ` (${event.error})`}`,
      };
    case 'flow':
      return {
        time: event.time,
        record: event.record,
        note: `${event.initiator.address} to ${event.responder.address} port ${String(event.port)}: ${event.accepted ? 'accepted' : 'rejected'}, ${String(event.bytes)} bytes in ${String(event.lines)} records`,
      };
    case 'intake':
      return { time: event.time, eventId: event.recordId, note: event.note };
    case 'signal':
      return { time: event.time, eventId: event.id, note: `${event.system}: ${event.type}: ${event.title}` };
    case 'coverage':
      return { time: event.time, note: [event.gap.why, ...event.gap.fix].join('; ') };
  }
}

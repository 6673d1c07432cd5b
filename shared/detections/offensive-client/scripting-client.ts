import { audit, callerId, seenSet } from '../../detect/kit.ts';
import { clientProgram } from '../../knowledge/client-program.ts';
import { askedFor } from '../../knowledge/deed.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

const programOf = (event: AuditEvent): string => clientProgram(event.origin.agent)?.name ?? '';

/** Somebody who never did so calls the API with a scripting client. Strategy: ./ADS.md */
export const scriptingClient = audit.detection({
  id: 'scripting-client',
  title: 'Scripting client new to its caller',
  // The client writes its own name: it hints, and it proves nothing.
  severity: 'low',
  confidence: 'low',
  attack: ['T1059.013'],
  rows: ['D013'],
  next: 'Look at what else this caller did in that hour; a script that nobody owns, run with the token of a workload, is worth a call.',
  // Any request counts. An agent is searched once; from then on an event costs one look-up in a map of bounded size.
  reads: { verbs: ['*'], resources: ['*'] },
  when: (event: AuditEvent) =>
    clientProgram(event.origin.agent)?.kind === 'scripting' &&
    event.actor.type !== 'anonymous' &&
    event.outcome !== 'unauthenticated' &&
    !event.hasDuty('scanner'),
  memory: {
    // Told once and known from then on: most clusters see no such client for weeks, and the first is the one that matters.
    programs: seenSet({
      id: 'scripting-clients',
      key: (event: AuditEvent) => [callerId(event.actor)],
      member: programOf,
      days: 30,
      warmUpDays: 0,
    }),
  },
  judge: (event, { programs }) => {
    const program = programOf(event);
    if (programs.has(program)) return undefined;
    return {
      entity: event.actor,
      about: program,
      summary:
        `${callerText(event)} sent ${shorten(askedFor(event))} with a client that calls itself ${shorten(event.origin.agent)}; ` +
        `it is not known to call the API with ${program}.`,
      baseline: { new: program, 'known scripting clients': programs.size, 'such as': programs.some(5).join(', ') },
    };
  },
});

import { audit } from '../../detect/kit.ts';
import { clientProgram } from '../../knowledge/client-program.ts';
import { askedFor, deedOf } from '../../knowledge/deed.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** A client names itself after an attack tool. Strategy: ./ADS.md */
export const attackToolClient = audit.detection({
  id: 'attack-tool-client',
  title: 'Client that calls itself an attack tool',
  // The client writes its own name: it hints, and it proves nothing.
  severity: 'low',
  confidence: 'medium',
  attack: ['T1059.013', 'T1613'],
  rows: ['D013'],
  next: 'Ask whether a test was ordered; if not, revoke the credential and read everything it asked for.',
  // Any request counts. An agent is searched once; from then on an event costs one look-up in a map of bounded size.
  reads: { verbs: ['*'], resources: ['*'] },
  when: (event: AuditEvent) => clientProgram(event.origin.agent)?.kind === 'attack' && !event.hasDuty('scanner'),
  judge: (event) => {
    const name = clientProgram(event.origin.agent)?.name ?? '';
    const deed = deedOf(event);
    const done = event.allowed && deed !== 'look' && deed !== 'read';
    return {
      entity: event.actor,
      about: name,
      summary:
        `${callerText(event)} sent ${shorten(askedFor(event))} with a client that calls itself ${shorten(event.origin.agent)}` +
        `${done ? ', and was let through' : ''}.`,
      // The deed is no claim of the client's: credentials taken, a container entered, an object changed.
      ...(done ? { severity: 'medium' } : {}),
    };
  },
});

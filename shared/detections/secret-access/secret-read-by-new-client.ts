import { audit, callerHabits, noveltyOf } from '../../detect/kit.ts';
import { clientFamily } from '../../knowledge/client.ts';
import { callerText } from '../../knowledge/origin.ts';
import { secretsAsked } from '../../knowledge/secret-read.ts';
import { isControlPlane } from '../../model/actor.ts';
import type { AuditEvent } from '../../model/audit.ts';

const clientUsed = (event: AuditEvent): string => clientFamily(event.origin.agent);

/** A Secret is read with a program its reader never used. Strategy: ./ADS.md */
export const secretReadByNewClient = audit.detection({
  id: 'secret-read-by-new-client',
  title: 'Kubernetes Secret read with a client new to the reader',
  // The client writes its own user agent: it hints, and it proves nothing.
  severity: 'low',
  confidence: 'low',
  attack: ['T1552.007', 'T1059.013'],
  rows: ['D012', 'D108'],
  next: 'Look at what else this reader did in that hour; a new client together with a new network or a new kind of request is worth a call.',
  reads: { verbs: ['get', 'list', 'watch'], resources: ['secrets'] },
  when: (event: AuditEvent) => event.allowed && !isControlPlane(event.actor),
  memory: callerHabits('secret-reader-client', clientUsed),
  judge: (event, habits) => {
    const client = clientUsed(event);
    const novelty = noveltyOf(client, habits);
    if (novelty === undefined) return undefined;
    return {
      entity: event.actor,
      about: client,
      summary:
        `${callerText(event)} read ${secretsAsked(event)} with ${event.origin.agent === '' ? 'a client that hides its name' : `a client that calls itself ${client}`}; ` +
        `${novelty.never} read Secrets with it.`,
      baseline: novelty.baseline,
    };
  },
});

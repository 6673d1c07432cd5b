import { audit, callerId, seenSet } from '../../detect/kit.ts';
import { callerText } from '../../knowledge/origin.ts';
import { readsAllSecrets, secretsAsked } from '../../knowledge/secret-read.ts';
import { isControlPlane } from '../../model/actor.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Ordinary reads keep the memory's age, so that the first cluster-wide list in a quiet cluster is not taken for a start. */
const ordinaryReaders = 'readers of single namespaces';

/** Somebody who never did so asks for the Secrets of all namespaces at once. Strategy: ./ADS.md */
export const clusterWideSecretList = audit.detection({
  id: 'cluster-wide-secret-list',
  title: 'Every Secret of the cluster listed by a new reader',
  severity: 'high',
  confidence: 'high',
  attack: ['T1552.007'],
  rows: ['D105'],
  next: 'Find out what the reader is; unless it is a new operator that needs all Secrets, revoke its credential and treat every Secret as read.',
  reads: { verbs: ['get', 'list', 'watch'], resources: ['secrets'] },
  when: (event: AuditEvent) => event.allowed && !isControlPlane(event.actor),
  memory: {
    listers: seenSet({
      id: 'cluster-wide-secret-listers',
      key: () => [],
      member: (event: AuditEvent) => (readsAllSecrets(event) ? callerId(event.actor) : ordinaryReaders),
      days: 30,
      warmUpDays: 3,
    }),
  },
  judge: (event, { listers }) => {
    if (!readsAllSecrets(event) || listers.learning || listers.has(callerId(event.actor))) return undefined;
    const age = Math.min(listers.age, 30);
    const known = listers.size - (listers.has(ordinaryReaders) ? 1 : 0);
    return {
      entity: event.actor,
      summary: `${callerText(event)} asked for ${secretsAsked(event)}; in ${String(age)} days it never did so and ${known === 0 ? 'nobody else' : `${String(known)} others`} did.`,
      baseline: {
        'known listers': known,
        'such as': listers
          .some(6)
          .filter((lister) => lister !== ordinaryReaders)
          .join(', '),
        'known for days': age,
      },
      // A workload that lists all Secrets is most often an operator just installed.
      ...(event.actor.type === 'service-account' && event.origin.reach !== 'public' ? { confidence: 'medium' } : {}),
    };
  },
});

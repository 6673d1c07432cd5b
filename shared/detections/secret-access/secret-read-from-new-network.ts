import { audit, callerHabits, lastingCaller, noveltyOf } from '../../detect/kit.ts';
import { callerText, networkUsed } from '../../knowledge/origin.ts';
import { readsReleasesOnly, secretsAsked } from '../../knowledge/secret-read.ts';
import { isControlPlane } from '../../model/actor.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** A Secret is read from a network its reader never used. Strategy: ./ADS.md */
export const secretReadFromNewNetwork = audit.detection({
  id: 'secret-read-from-new-network',
  title: 'Kubernetes Secret read from a network new to the reader',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1552.007', 'T1078.004'],
  rows: ['D011', 'D108'],
  next: 'Ask the reader whether this address is theirs; if nobody claims it, revoke the credential used and rotate what the Secrets hold.',
  reads: { verbs: ['get', 'list', 'watch'], resources: ['secrets'] },
  when: (event: AuditEvent) => event.allowed && !isControlPlane(event.actor),
  memory: callerHabits('secret-reader-network', networkUsed),
  judge: (event, habits) => {
    const network = networkUsed(event);
    const novelty = noveltyOf(network, habits);
    if (novelty === undefined) return undefined;
    const { never, shared, restless, baseline } = novelty;
    return {
      ...lastingCaller(event.actor, network),
      summary:
        `${callerText(event)} read ${secretsAsked(event)}; ${never} read Secrets ` +
        `from ${network}${shared ? ', though others in this cluster did' : restless ? ', but it changes networks all the time' : ''}.`,
      baseline,
      // Every run of a pipeline that deploys with Helm begins with its releases, and hosted runners are somewhere else each time.
      ...(restless
        ? { severity: 'low', confidence: 'low' }
        : shared || readsReleasesOnly(event)
          ? { severity: 'medium', confidence: 'low' }
          : {}),
    };
  },
});

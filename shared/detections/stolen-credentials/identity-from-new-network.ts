import { audit, callerHabits, lastingCaller, noveltyOf } from '../../detect/kit.ts';
import { callerText, networkUsed } from '../../knowledge/origin.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** A person or pipeline works from a network it never used. Strategy: ./ADS.md */
export const identityFromNewNetwork = audit.detection({
  id: 'identity-from-new-network',
  title: 'Person or pipeline calling from a new network',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1078.004'],
  rows: ['D011'],
  next: 'Ask the person, by another channel than this account, whether they work from there; name the range in the configuration if it is an office.',
  reads: { verbs: ['*'], resources: ['*'] },
  when: ({ actor, outcome }: AuditEvent) => actor.type === 'iam' && outcome !== 'unauthenticated',
  novelty: (event) => `${event.actor.id} ${networkUsed(event)}`,
  memory: callerHabits('iam-network', networkUsed),
  judge: (event, habits) => {
    const network = networkUsed(event);
    const novelty = noveltyOf(network, habits);
    if (novelty === undefined) return undefined;
    const { never, shared, restless, baseline } = novelty;
    return {
      ...lastingCaller(event.actor, network),
      summary:
        `${callerText(event)} sent ${event.verb} ${event.uri.split('?', 1)[0] ?? ''}; ${never} called ` +
        `from ${network}${shared ? ', though others in this cluster did' : restless ? ', but it changes networks all the time' : ''}.`,
      baseline,
      ...(shared || restless ? { severity: 'low', confidence: 'low' } : {}),
    };
  },
});

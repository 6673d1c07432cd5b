import { audit, callerHabits, noveltyOf } from '../../detect/kit.ts';
import { clusterPublishers, deployingHands, handOf, handText, isAppointed, newPublishers } from '../../knowledge/deploying.ts';
import { isEksItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { declaredName, deedText, imagesOf, isCreation } from '../../knowledge/pod-changes.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { isControlPlane } from '../../model/actor.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { at, text } from '../../model/json.ts';

/** Jobs that controllers make from schedules all day keep the memory's age. */
const controllers = 'jobs of controllers';

const written = ({ actor, target }: AuditEvent): string =>
  isControlPlane(actor) ? controllers : `${target.resource} in ${target.namespace}`;

/** Somebody who never did so has something run once, or again and again. Strategy: ./ADS.md */
export const jobPlanted = audit.detection({
  id: 'job-planted',
  title: 'Job or CronJob written by somebody who writes none there',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1053.007'],
  rows: ['D060'],
  next: 'Read what the job runs and when; ask the caller what it is for, and delete it together with its pods if nobody can say.',
  reads: { verbs: ['create', 'update', 'patch'], resources: ['jobs', 'cronjobs'] },
  when: (event) => event.allowed && event.actor.type !== 'node',
  memory: { ...callerHabits('job-writers', written), ...deployingHands, publishers: clusterPublishers },
  judge: (event, { own, role, everyone, publishers, ...hands }) => {
    const { namespace } = event.target;
    if (isControlPlane(event.actor)) return undefined;
    const novelty = noveltyOf(written(event), { own, role, everyone });
    if (novelty === undefined || event.dryRun || isEksItself(event) || isAppointed(event)) return undefined;
    const hand = handOf(event, hands);
    const stranger = hand === 'stranger';
    const fresh = newPublishers(event, publishers).length > 0;
    const schedule = text(at(event.result, 'spec', 'schedule'));
    return {
      entity: event.actor,
      about: `${event.target.resource} ${namespace}`,
      summary:
        `${callerText(event)}, ${handText[hand]}, ${deedText(event)} ${shorten(declaredName(event))} of ${shorten(imagesOf(event) || 'an unknown image')}` +
        `${schedule === undefined ? '' : `, to run at "${shorten(schedule)}"`}; ${novelty.never} wrote ${event.target.resource} there.`,
      baseline: novelty.baseline,
      severity: stranger && fresh ? 'high' : stranger && (isGuardedNamespace(namespace) || !isCreation(event)) ? 'medium' : 'low',
    };
  },
});

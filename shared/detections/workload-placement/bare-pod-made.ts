import { audit, callerId, seenSet } from '../../detect/kit.ts';
import { isEksItself } from '../../knowledge/exclusions.ts';
import { isAppointed } from '../../knowledge/deploying.ts';
import { callerText } from '../../knowledge/origin.ts';
import { deployerOf, imagesOf, isControllersPod, isCreation } from '../../knowledge/pod-changes.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Pods of controllers keep the memory's age. */
const controllers = 'controllers';

const made = (who: string, event: AuditEvent): string => (isControllersPod(event) ? controllers : `${who} in ${event.target.namespace}`);

const makers = (name: string, member: (event: AuditEvent) => string) =>
  seenSet({ id: `pod-makers/${name}`, key: () => [], member, days: 60, warmUpDays: 3 });

/** A pod that no controller keeps, started by somebody who starts none. Strategy: ./ADS.md */
export const barePodMade = audit.detection({
  id: 'bare-pod-made',
  title: 'Pod started by hand by somebody who starts none there',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1610'],
  rows: ['D065'],
  next: 'Ask the caller what the pod is for, and look at what was run in it; no controller will remove it.',
  reads: { verbs: ['create', 'patch'], resources: ['pods'] },
  // Owners that anybody but a controller writes into a pod are not believed.
  when: (event) => event.allowed && event.actor.type !== 'node' && isCreation(event),
  novelty: (event) => made(callerId(event.actor), event),
  memory: {
    callers: makers('callers', (event) => made(callerId(event.actor), event)),
    roles: makers('roles', (event) => made(deployerOf(event.actor), event)),
    anywhere: makers('anywhere', (event) => (isControllersPod(event) ? controllers : deployerOf(event.actor))),
  },
  judge: (event, { callers, roles, anywhere }) => {
    const { actor, target } = event;
    if (callers.learning || isControllersPod(event) || callers.has(made(callerId(actor), event))) return undefined;
    if (event.dryRun || isEksItself(event) || isAppointed(event)) return undefined;
    const workload = actor.type === 'service-account';
    const age = Math.min(callers.age, 60);
    const shared = roles.has(made(deployerOf(actor), event));
    return {
      entity: actor,
      about: target.namespace,
      summary:
        `${callerText(event)} started pod ${shorten(`${target.namespace}/${event.name}`)} of ${shorten(imagesOf(event) || 'an unknown image')}, owned by no controller of the cluster; ` +
        `in ${String(age)} days it started none there${shared ? ', though others of its role did' : ''}.`,
      baseline: { 'known makers': anywhere.size - (anywhere.has(controllers) ? 1 : 0), 'known for days': age },
      // People try things out. Software that starts pods has done so since it was installed.
      severity: workload && !anywhere.has(deployerOf(actor)) ? 'medium' : 'low',
    };
  },
});

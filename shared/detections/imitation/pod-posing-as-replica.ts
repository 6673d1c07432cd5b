import { audit } from '../../detect/kit.ts';
import { isAppointed } from '../../knowledge/deploying.ts';
import { isEksItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { imagesOf, isControllersPod, isCreation } from '../../knowledge/pod-changes.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { posedAs } from '../../knowledge/system-names.ts';
import { isControlPlane } from '../../model/actor.ts';

/** A pod made by hand looks like one of many that a controller made. Strategy: ./ADS.md */
export const podPosingAsReplica = audit.detection({
  id: 'pod-posing-as-replica',
  title: 'Pod made by hand under the name of a replica',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1036.005', 'T1610'],
  rows: ['D121'],
  next: 'Compare the pod with those of the workload it is named after; if no controller owns it and nobody claims it, delete it.',
  reads: { verbs: ['create', 'patch'], resources: ['pods'] },
  when: (event) => event.allowed && event.target.subresource === '' && event.actor.type !== 'node',
  judge: (event) => {
    if (!isCreation(event)) return undefined;
    const workload = posedAs(event.name);
    if (workload === undefined || event.dryRun || isControllersPod(event) || isEksItself(event)) return undefined;
    const { namespace } = event.target;
    const restores = event.actor.type === 'service-account' && !isControlPlane(event.actor);
    return {
      entity: event.actor,
      about: `${namespace}/${workload}`,
      summary: `${callerText(event)} made pod ${shorten(`${namespace}/${event.name}`)} of ${shorten(imagesOf(event) || 'an unknown image')}: it is named like one that a controller made of ${shorten(workload)}, and none made it for a workload.`,
      // What restores a backup makes pods under the names that they had.
      severity: isAppointed(event) || restores ? 'low' : 'medium',
    };
  },
});

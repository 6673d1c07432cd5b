import { audit } from '../../detect/kit.ts';
import { hostVolume, hostVolumes } from '../../knowledge/host-volume.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isCreation } from '../../knowledge/pod-changes.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { isControlPlane } from '../../model/actor.ts';

/** A persistent volume holds a sensitive directory of its node: the pod that claims it shows no host path. Strategy: ./ADS.md */
export const hostPathVolume = audit.detection({
  id: 'host-path-volume',
  title: 'Sensitive directory of the node offered as a persistent volume',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1611'],
  rows: ['D077'],
  next: 'Find the claim bound to the volume and the pods that mount it, delete all three, and replace the nodes they ran on.',
  reads: { verbs: ['create', 'update', 'patch'], resources: ['persistentvolumes'] },
  memory: { volume: hostVolumes },
  when: (event) => !isControlPlane(event.actor) && !event.dryRun && (event.allowed || event.outcome === 'forbidden'),
  judge: (event, { volume }) => {
    const held = hostVolume(event);
    if (held === undefined || volume.previous?.['source'] === held.source) return undefined;
    const deed = event.allowed ? (isCreation(event) ? 'created' : 'changed') : `was refused when trying to ${event.verb}`;
    return {
      entity: { kind: 'object', id: `persistentvolume/${event.name}`, name: `persistent volume ${event.name}` },
      summary: `${callerText(event)} ${deed} persistent volume ${shorten(event.name)} with ${held.words}.`,
      severity: event.allowed ? held.severity : 'low',
    };
  },
});

import { audit } from '../../detect/kit.ts';
import { callerText } from '../../knowledge/origin.ts';
import { ageText, isDeletionByHand, shortLives } from '../../knowledge/short-life.ts';
import { shorten, some } from '../../knowledge/shorten.ts';

/** A container is gone before anybody could look at it, and somebody removed it. Strategy: ./ADS.md */
export const shortLivedContainer = audit.detection({
  id: 'short-lived-container',
  title: 'Pod removed soon after it was made',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1610', 'T1070'],
  rows: ['D064'],
  next: 'Reconstruct what the pod did from its creation event, the commands run in it and the flow log of its address; the pod itself is gone.',
  reads: { verbs: ['delete', 'deletecollection'], resources: ['pods'] },
  when: isDeletionByHand,
  judge: (event) => {
    // Deleting the pod of a workload makes a fresh one: only what reached the node is worth a word then.
    const [life] = shortLives(event).filter(({ owner, access }) => owner === undefined || access.length > 0);
    if (life === undefined) return undefined;
    const reach = life.access.length === 0 ? '' : `, with ${some(life.access)}`;
    const owned = life.owner === undefined ? '' : ` of ${shorten(life.owner)}`;
    return {
      entity: event.actor,
      about: life.namespace,
      summary: `${callerText(event)} deleted pod ${shorten(`${life.namespace}/${life.name}`)}${owned}, image ${shorten(life.image)}, ${ageText(life.age)} after its creation${reach}.`,
      severity: life.access.length === 0 ? 'low' : life.owner === undefined ? 'high' : 'medium',
    };
  },
});

import { audit } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { at, text } from '../../model/json.ts';

/** Somebody other than the scheduler decides on which node a waiting pod runs. Strategy: ./ADS.md */
export const podBoundByHand = audit.detection({
  id: 'pod-bound-by-hand',
  title: 'Pod put on a node by somebody who is not the scheduler',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1610'],
  rows: ['D066'],
  next: 'Find out whether the caller is a scheduler that your platform runs; if it is none, look at the pod and at what else runs on its node.',
  reads: { verbs: ['create'], resources: ['pods/binding', 'bindings'] },
  when: (event) => !isClusterItself(event) && !event.dryRun && (event.allowed || event.outcome === 'forbidden'),
  judge: (event) => {
    const pod = shorten(`${event.target.namespace}/${event.name || (text(at(event.request, 'metadata', 'name')) ?? '')}`);
    const node = shorten(text(at(event.request, 'target', 'name')) ?? 'an unknown node');
    const deed = event.allowed ? 'put' : 'was refused when trying to put';
    return {
      entity: event.actor,
      about: event.target.namespace,
      summary: `${callerText(event)} ${deed} pod ${pod} on node ${node}, which is the scheduler's to decide.`,
      severity: event.allowed ? 'medium' : 'low',
    };
  },
});

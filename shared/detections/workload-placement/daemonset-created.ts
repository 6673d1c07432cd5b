import { audit, seenSet } from '../../detect/kit.ts';
import { clusterPublishers, deployingHands, handOf, handText, isAppointed, newPublishers } from '../../knowledge/deploying.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { isAwsNodeAgent } from '../../knowledge/node-agents.ts';
import { callerText } from '../../knowledge/origin.ts';
import { toleratesEverything } from '../../knowledge/placement.ts';
import {
  declaredName,
  declarerOf,
  declaresWorkload,
  deedText,
  deployerOf,
  imagesOf,
  isCreation,
  templates,
  workloadWrites,
} from '../../knowledge/pod-changes.ts';
import { shorten, some } from '../../knowledge/shorten.ts';

/** Other workloads keep the memory's age: node agents are installed once a year. */
const others = 'others';

/** Something is put on every node at once. Strategy: ./ADS.md */
export const daemonsetCreated = audit.detection({
  id: 'daemonset-created',
  title: 'Workload put on every node by somebody who never did so',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1610', 'T1543.005'],
  rows: ['D061'],
  next: 'Ask the caller which agent this is; if nobody planned it, delete it and look at every node that it ran on.',
  reads: workloadWrites,
  memory: {
    template: templates,
    ...deployingHands,
    publishers: clusterPublishers,
    creators: seenSet({
      id: 'daemonset-creators',
      key: () => [],
      member: ({ actor, target }) => (target.resource === 'daemonsets' ? deployerOf(actor) : others),
      days: 180,
      warmUpDays: 3,
    }),
  },
  when: declaresWorkload,
  judge: (event, { template, publishers, creators, ...hands }) => {
    if (event.target.resource !== 'daemonsets' || !isCreation(event) || template.previous !== undefined || creators.learning)
      return undefined;
    if (isClusterItself(event) || isAwsNodeAgent(event)) return undefined;
    const fresh = newPublishers(event, publishers);
    const known = creators.has(deployerOf(event.actor));
    if (known && fresh.length === 0) return undefined;
    const hand = handOf(event, hands);
    const reach =
      event.pod !== undefined && toleratesEverything(event.pod) ? 'on every node whatever its taints' : 'on every node it may run on';
    const severity = fresh.length > 0 ? (known || hand === 'known' ? 'medium' : 'high') : hand === 'known' ? 'low' : 'medium';
    return {
      entity: declarerOf(event),
      summary:
        `${callerText(event)}, ${handText[hand]}, ${deedText(event)} ${shorten(declaredName(event))} of ${shorten(imagesOf(event))}, ${reach}` +
        `${fresh.length > 0 ? `, with images of ${some(fresh)}, of whom none ran here` : ''}.`,
      baseline: { 'known creators': creators.size - (creators.has(others) ? 1 : 0), 'known for days': Math.min(creators.age, 180) },
      severity: isAppointed(event) ? 'low' : severity,
    };
  },
});

import { audit } from '../../detect/kit.ts';
import {
  clusterPublishers,
  deployingHands,
  deployingNetworks,
  deployingPlaces,
  handOf,
  handText,
  isAppointed,
  isCopiedPod,
  newPublishers,
} from '../../knowledge/deploying.ts';
import { isEksItself } from '../../knowledge/exclusions.ts';
import { callerText, networkUsed } from '../../knowledge/origin.ts';
import { declaredName, declaresContainers, deedText, deployerOf, podWrites } from '../../knowledge/pod-changes.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import type { Severity } from '../../model/finding.ts';

const severities: Readonly<Record<ReturnType<typeof handOf>, Severity>> = {
  known: 'low',
  colleague: 'medium',
  stranger: 'high',
  unknown: 'low',
};

/** A workload runs an image of somebody whose images never ran in the cluster. Strategy: ./ADS.md */
export const imageFromNewRegistry = audit.detection({
  id: 'image-from-new-registry',
  title: 'Image of a publisher new to the cluster',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1204.003', 'T1610'],
  rows: ['D056'],
  next: 'Ask the caller what the image is for and who publishes it; if nobody can say, delete the workload and keep the image for analysis.',
  reads: podWrites,
  memory: { ...deployingHands, publishers: clusterPublishers, who: deployingPlaces, networks: deployingNetworks },
  // Pods that controllers make are judged where their workload is, but they tell whose images run.
  when: (event) => event.allowed && (isCopiedPod(event) || declaresContainers(event)),
  judge: (event, { publishers, who, networks, ...hands }) => {
    if (isCopiedPod(event) || isEksItself(event)) return undefined;
    const fresh = newPublishers(event, publishers);
    if (fresh.length === 0) return undefined;
    const hand = handOf(event, hands);
    // A stolen pipeline is known to all, but not everywhere.
    const elsewhere = [
      ...(!who.learning && !who.has(deployerOf(event.actor)) ? [`never in ${shorten(event.target.namespace)}`] : []),
      ...(!networks.learning && !networks.has(networkUsed(event)) ? [`from ${networkUsed(event)}, whence nobody did`] : []),
    ];
    const known = hand === 'known' && elsewhere.length > 0 ? `${handText.known}, but ${elsewhere.join(' and ')}` : handText[hand];
    const age = Math.min(publishers.age, 90);
    return {
      entity: event.actor,
      about: some(fresh),
      summary: `${callerText(event)}, ${known}, ${deedText(event)} ${shorten(declaredName(event))} with images of ${some(fresh)}; in ${String(age)} days no pod of this cluster had one.`,
      baseline: { new: some(fresh), 'known combinations': publishers.size, 'such as': some(publishers.some(5), 5), 'known for days': age },
      severity: isAppointed(event) ? 'low' : hand === 'known' && elsewhere.length > 0 ? 'medium' : severities[hand],
    };
  },
});

import { audit, callerId } from '../../detect/kit.ts';
import { isAppointed } from '../../knowledge/deploying.ts';
import { callerText } from '../../knowledge/origin.ts';
import { applicationResources, isRemovalByHand, removedThing, valuableResources } from '../../knowledge/removal.ts';
import { peersOf } from '../../knowledge/peers.ts';

/** One caller removes far more than it does. Strategy: ./ADS.md */
export const massDeletion = audit.threshold({
  id: 'mass-deletion',
  title: 'Much deleted in a short time',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1485', 'T1489'],
  rows: ['D123'],
  next: 'Ask the caller whether the removal was planned; if not, revoke its credential first and restore from what declares the cluster.',
  reads: { verbs: ['delete', 'deletecollection'], resources: [...valuableResources, ...applicationResources] },
  when: isRemovalByHand,
  count: { by: ({ actor }) => [callerId(actor)], member: removedThing, within: peersOf, minutes: 15 },
  // A chart is some thirty objects, an application of many charts some hundred.
  limit: { ceiling: 200, profile: { floor: 60, deviations: 8 } },
  judge: (event, { count, limit, minutes, baseline }) => ({
    entity: event.actor,
    summary: `${callerText(event)} deleted ${String(count)} objects within ${String(minutes)} minutes, where ${String(limit)} is the limit; the last was ${removedThing(event)}.`,
    baseline,
    severity: isAppointed(event) ? 'low' : 'medium',
  }),
});

import { audit, callerId } from '../../detect/kit.ts';
import { isAppointed } from '../../knowledge/deploying.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isRemovalByHand, removedThing, valuableResources } from '../../knowledge/removal.ts';
import { peersOf } from '../../knowledge/peers.ts';

/** One caller removes what holds data, again and again. Strategy: ./ADS.md */
export const dataDestroyed = audit.threshold({
  id: 'data-destroyed',
  title: 'Namespaces, volumes or stateful workloads deleted in a row',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1485', 'T1490'],
  rows: ['D123'],
  next: 'Revoke the credential of the caller unless the removal was planned, keep snapshots of the volumes, and stop what is still being removed.',
  reads: { verbs: ['delete', 'deletecollection'], resources: [...valuableResources] },
  when: isRemovalByHand,
  count: { by: ({ actor }) => [callerId(actor)], member: removedThing, within: peersOf, minutes: 30 },
  limit: { ceiling: 25, profile: { floor: 12, deviations: 8 } },
  judge: (event, { count, limit, minutes, baseline }) => ({
    entity: event.actor,
    summary: `${callerText(event)} deleted ${String(count)} namespaces, volumes or other holders of data within ${String(minutes)} minutes, where ${String(limit)} is the limit; the last was ${removedThing(event)}.`,
    baseline,
    severity: isAppointed(event) ? 'low' : event.actor.type === 'service-account' ? 'medium' : 'high',
  }),
});

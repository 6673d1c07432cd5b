import { audit, seenSet } from '../../detect/kit.ts';
import { isAppointed } from '../../knowledge/deploying.ts';
import { isEksItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { deployerOf } from '../../knowledge/pod-changes.ts';
import { applicationResources, isRemovalByHand, valuableResources } from '../../knowledge/removal.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

const ofData: ReadonlySet<string> = new Set(valuableResources);

/** Single removals, of which there are some each day, keep the memory's age: whole collections go once a month. */
const single = 'single objects';

const isCollection = ({ verb }: AuditEvent): boolean => verb === 'deletecollection';

const deed = (event: AuditEvent): string => (isCollection(event) ? `${deployerOf(event.actor)} ${event.target.resource}` : single);

/** Everything of a kind is removed by one request, by somebody who never did so. Strategy: ./ADS.md */
export const collectionDeleted = audit.detection({
  id: 'collection-deleted',
  title: 'Everything of a kind deleted with one request',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1485', 'T1489'],
  rows: ['D123'],
  next: 'Ask the caller whether the removal was planned, and restore from what declares the cluster if it was not.',
  reads: { verbs: ['delete', 'deletecollection'], resources: [...valuableResources, ...applicationResources, 'pods', 'jobs'] },
  when: (event) => (isCollection(event) ? isRemovalByHand(event) : event.allowed),
  novelty: (event) => (isCollection(event) ? event.key : single),
  memory: { known: seenSet({ id: 'collections-deleted', key: () => [], member: deed, days: 60, warmUpDays: 3 }) },
  judge: (event, { known }) => {
    if (!isCollection(event) || known.learning || known.has(deed(event)) || event.dryRun || isEksItself(event)) return undefined;
    const { resource, namespace } = event.target;
    const chosen = /[?&](?:labelSelector|fieldSelector)=/.test(event.uri);
    const age = Math.min(known.age, 60);
    return {
      entity: event.actor,
      about: `${resource} ${namespace}`,
      summary:
        `${callerText(event)} deleted ${chosen ? 'many' : 'all'} ${resource}${namespace === '' ? ' of the cluster' : ` of namespace ${shorten(namespace)}`} with one request; ` +
        `in ${String(age)} days nobody of its role deleted ${resource} so.`,
      baseline: { 'known habits': known.size - (known.has(single) ? 1 : 0), 'known for days': age },
      severity: isAppointed(event) || chosen || !ofData.has(resource) ? 'low' : 'medium',
    };
  },
});

import { api, seenSet } from '../../detect/kit.ts';
import type { ApiEvent } from '../../model/api.ts';

/** Somebody who never did so looks into a cluster through the EKS console. Strategy: ./ADS.md */
export const consoleOpenedByNewPrincipal = api.detection({
  id: 'console-opened-by-new-principal',
  title: 'Cluster viewed in the EKS console by a new principal',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1580', 'T1613'],
  rows: ['D027'],
  next: 'Ask whoever the session belongs to whether they opened the console, and look at what it did next in CloudTrail.',
  reads: ['eks:AccessKubernetesApi'],
  when: (event: ApiEvent) => event.actor.type === 'iam',
  memory: {
    known: seenSet({
      id: 'console-viewers',
      key: ({ cluster }: ApiEvent) => [cluster],
      member: ({ actor }: ApiEvent) => actor.principal,
      days: 60,
      warmUpDays: 7,
    }),
  },
  judge: (event, { known }) => {
    if (known.learning || known.has(event.actor.principal) || event.hasDuty('administrator')) return undefined;
    const age = Math.min(known.age, 60);
    const deed = event.error === '' ? 'viewed' : `was refused (${event.error}) when trying to view`;
    return {
      entity: event.actor,
      about: event.cluster,
      summary: `${event.actor.name} from ${event.origin.address} ${deed} cluster ${event.cluster} in the console; in ${String(age)} days no session of its role did.`,
      baseline: { 'known principals': known.size, 'such as': known.some(5).join(', '), 'known for days': age },
    };
  },
});

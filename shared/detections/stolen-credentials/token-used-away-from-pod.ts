import { audit } from '../../detect/kit.ts';
import { callerText } from '../../knowledge/origin.ts';
import { tellingRequests } from '../../knowledge/telling-requests.ts';
import type { AuditEvent } from '../../model/audit.ts';
import type { Attribution } from '../../model/flow.ts';

/** A service account's token that is bound to a pod is used from elsewhere inside the VPC. Strategy: ./ADS.md */
export const tokenUsedAwayFromPod = audit.detection({
  id: 'token-used-away-from-pod',
  title: 'Token of a pod used from another address',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1550.001', 'T1528'],
  rows: ['D009'],
  next: 'Delete the pod that the token is bound to, which ends the token; then find out what runs at the address.',
  reads: tellingRequests,
  locates: true,
  when: ({ actor, origin, outcome }: AuditEvent) =>
    actor.type === 'service-account' && actor.pod !== undefined && origin.reach === 'private' && outcome !== 'unauthenticated',
  judge: (event) => {
    const { actor, origin, whereabouts } = event;
    if (whereabouts === undefined || whereabouts.home.has(origin.address)) return undefined;
    const { owner, home, holder } = whereabouts;
    const refused = event.outcome === 'forbidden' ? ' (refused, but the token was good)' : '';
    return {
      entity: actor,
      about: origin.address,
      summary:
        `${callerText(event)} sent ${event.verb} ${event.uri.split('?', 1)[0] ?? ''}${refused} with the token of pod ${owner}, ` +
        `which with its node has ${[...home].sort().join(', ')}; ${origin.address} ${whoIs(holder)}.`,
      baseline: { 'addresses of the pod and its node': [...home].sort().join(', ') },
      // Another pod never speaks for this one. A proxy or a translating gateway may, and belongs to nobody here.
      severity: holder?.basis === 'pod' ? 'high' : 'medium',
      confidence: holder?.basis === 'pod' ? 'high' : holder === undefined ? 'low' : 'medium',
    };
  },
});

function whoIs(holder: Attribution | undefined): string {
  if (holder === undefined) return 'is no pod’s and no node’s that is known';
  return holder.basis === 'pod' ? `was pod ${holder.namespace}/${holder.pod} of ${holder.entity.name}` : `is node ${holder.entity.name}`;
}

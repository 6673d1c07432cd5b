import { audit } from '../../detect/kit.ts';
import { callerText } from '../../knowledge/origin.ts';
import { tellingRequests } from '../../knowledge/telling-requests.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** A node's identity is used from an address that is not that node's. Strategy: ./ADS.md */
export const nodeIdentityOffInstance = audit.detection({
  id: 'node-identity-off-instance',
  title: 'Identity of a node used away from its instance',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1078.004', 'T1528'],
  rows: ['D010'],
  next: 'Isolate and replace the node whose identity it is, and find out which pod on it can reach the instance metadata service.',
  reads: tellingRequests,
  locates: true,
  // By way of a public endpoint a node calls from its gateway's address: only inside is an address its own.
  when: ({ actor, origin, outcome }: AuditEvent) => actor.type === 'node' && origin.reach === 'private' && outcome !== 'unauthenticated',
  judge: (event) => {
    const { actor, origin, whereabouts } = event;
    // A new machine may take over name and address of one that is gone: at the address, the instance says nothing.
    if (whereabouts === undefined || whereabouts.home.has(origin.address)) return undefined;
    const { home, instances, holder } = whereabouts;
    const session = actor.session ?? '';
    const otherInstance = session.startsWith('i-') && instances.size > 0 && !instances.has(session);
    const pod = holder?.basis === 'pod' ? `, which was pod ${holder.namespace}/${holder.pod},` : '';
    return {
      entity: actor,
      about: otherInstance ? session : origin.address,
      summary:
        `${callerText(event)}${pod} sent ${event.verb} ${event.uri.split('?', 1)[0] ?? ''} as node ${whereabouts.owner}, ` +
        `which is ${[...instances].sort().join(', ') || 'an unknown instance'} at ${[...home].sort().join(', ')}` +
        `${otherInstance ? `; the session is that of ${session}` : ''}.`,
      baseline: { 'addresses of the node': [...home].sort().join(', '), 'instances of the node': [...instances].sort().join(', ') },
      severity: holder?.basis === 'pod' || otherInstance ? 'high' : 'medium',
      confidence: holder?.basis === 'pod' ? 'high' : 'medium',
    };
  },
});

import { audit } from '../../detect/kit.ts';
import { coveted } from '../../knowledge/coveted.ts';
import { askedFor } from '../../knowledge/deed.ts';
import { isEksItself, isKnownNode, isNodeSession, nodeRoles } from '../../knowledge/exclusions.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import type { Actor } from '../../model/entity.ts';

/** Groups that everybody has, and one that has a detection of its own. */
const elsewhere: ReadonlySet<string> = new Set(['system:authenticated', 'system:masters']);

const isReserved = (name: string): boolean => name.startsWith('system:') || name.startsWith('eks:');

function reservedGroup({ groups }: Actor): string | undefined {
  return groups.find((group) => isReserved(group) && !elsewhere.has(group));
}

/** An IAM principal comes under a name that Kubernetes keeps for itself. Strategy: ./ADS.md */
export const reservedIdentityPresented = audit.detection({
  id: 'reserved-identity-presented',
  title: 'IAM principal under a reserved Kubernetes name',
  severity: 'high',
  confidence: 'high',
  attack: ['T1078.004'],
  rows: ['D022'],
  next: 'Find the access entry or line of aws-auth that maps this principal, and who wrote it; delete it unless it is a new node group.',
  // What an adversary would want of such a name. Every node reports its status, so that the roles of nodes become known.
  reads: {
    verbs: ['*'],
    resources: [...coveted, 'nodes/status'],
  },
  when: ({ actor }: AuditEvent) => actor.account !== undefined && (isReserved(actor.username) || reservedGroup(actor) !== undefined),
  // Nodes are most of a log: each is looked at once a day.
  novelty: ({ actor }) => `${actor.username} ${actor.principal} ${actor.session ?? ''} ${actor.groups.join(' ')}`,
  memory: { roles: nodeRoles },
  judge: (event, { roles }) => {
    const { actor } = event;
    if (isKnownNode(event, roles) || isEksItself(event)) return undefined;
    const node = isNodeSession(actor);
    const group = reservedGroup(actor);
    const worn = isReserved(actor.username) ? `the name ${shorten(actor.username)}` : `the group ${shorten(group ?? '')}`;
    const age = Math.min(roles.age, 90);
    return {
      // The role and not the name it comes under, of which it may have many.
      entity: { kind: 'identity', id: actor.principal, name: shorten(actor.principal) },
      about: node ? 'a node' : isReserved(actor.username) ? 'a reserved name' : 'a reserved group',
      summary:
        `${shorten(actor.principal)} from ${event.origin.address || 'an unknown address'} sent ${shorten(askedFor(event))} under ${worn}` +
        `${node ? `; no node of this cluster had this role in ${String(age)} days` : ', which Kubernetes keeps for itself'}.`,
      // A new group of nodes looks like this, and is known from then on.
      ...(node ? { severity: 'low', confidence: 'low', baseline: { 'known roles of nodes': roles.size, 'known for days': age } } : {}),
    };
  },
});

import { audit } from '../../detect/kit.ts';
import { isClusterItself, isKnownNode, isNodeSession, nodeRoles } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { at, text } from '../../model/json.ts';

/** The roles of nodes as they are remembered. */
type Roles = Parameters<typeof isKnownNode>[1];

/** What tells a node from one that nobody started, in words; absent where it is what it should be. */
function oddityOf(event: AuditEvent, roles: Roles): { readonly words: string; readonly severity: 'medium' | 'high' } | undefined {
  const { actor, name } = event;
  if (!isNodeSession(actor)) return { words: 'whose caller did not prove to be a node', severity: 'high' };
  if (actor.username !== `system:node:${name}`)
    return { words: `which is not the caller's own name ${shorten(actor.username)}`, severity: 'high' };
  // The kubelet learns the provider's id from the instance; the session's name is from AWS.
  const provider = text(at(event.result, 'spec', 'providerID')) ?? '';
  const instance = /\/(i-[0-9a-f]+)$/.exec(provider)?.[1];
  if (instance !== undefined && actor.session?.startsWith('i-') === true && instance !== actor.session)
    return { words: `which calls itself instance ${shorten(instance)} and logged in as ${shorten(actor.session)}`, severity: 'high' };
  if (!isKnownNode(event, roles)) return { words: `with role ${shorten(actor.principal)}, which no node had`, severity: 'medium' };
  return undefined;
}

/** A node joins whose credentials are no node's, or another's. Strategy: ./ADS.md */
export const strangerNodeJoined = audit.detection({
  id: 'stranger-node-joined',
  title: 'Node joined that is no instance of a known node group',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1133', 'T1078.004', 'T1610'],
  rows: ['D081'],
  next: 'Look up the instance in EC2 and its node group; if nobody started it, delete the node and revoke the sessions of its role.',
  reads: { verbs: ['create', 'patch'], resources: ['nodes'] },
  memory: { roles: nodeRoles },
  when: (event) => (event.verb === 'create' || event.code === 201) && (event.allowed || event.outcome === 'forbidden'),
  judge: (event, { roles }) => {
    if (event.dryRun || isClusterItself(event)) return undefined;
    const odd = oddityOf(event, roles);
    // A kubelet is refused its own name only while its role is not mapped yet.
    if (odd === undefined || (!event.allowed && odd.severity === 'medium')) return undefined;
    const registered = event.allowed ? 'registered' : 'was refused when trying to register';
    return {
      entity: event.actor.type === 'node' ? { kind: 'identity', id: event.actor.principal, name: event.actor.principal } : event.actor,
      about: odd.severity === 'medium' ? 'role' : 'node',
      summary: `${callerText(event)} ${registered} node ${shorten(event.name || 'of unknown name')}, ${odd.words}.`,
      severity: !event.allowed || event.hasDuty('administrator') ? 'low' : odd.severity,
      ...(odd.severity === 'medium' ? { baseline: { 'known node roles': roles.size, 'such as': roles.some(4).join(', ') } } : {}),
    };
  },
});

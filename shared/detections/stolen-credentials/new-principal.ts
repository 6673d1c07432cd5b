import { audit, seenSet } from '../../detect/kit.ts';
import { coveted } from '../../knowledge/coveted.ts';
import { askedFor, deedOf } from '../../knowledge/deed.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText, networkUsed } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import type { Actor, ActorKind } from '../../model/entity.ts';

/** Nodes come and go with the load, and belong to other detections. */
const callers: ReadonlySet<ActorKind> = new Set(['iam', 'service-account', 'certificate', 'eks']);

const here = 'here';

/** Preview environments are numbered: the account of the next one is the same to whoever knows the last. */
const nameOf = ({ type, principal }: Actor): string => (type === 'service-account' ? principal.replace(/\d+/g, '#') : principal);

/** Somebody whom the cluster never met does something in it. Strategy: ./ADS.md */
export const newPrincipal = audit.detection({
  id: 'new-principal',
  title: 'First request of an identity that the cluster never met',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1078.004', 'T1136'],
  rows: ['D014'],
  next: 'Find out who created the role or account and let it in: look for its access entry, its line in aws-auth or its bindings, and their author.',
  reads: { verbs: ['*'], resources: coveted },
  when: ({ actor, allowed }: AuditEvent) => callers.has(actor.type) && allowed,
  novelty: (event) => `${event.actor.type} ${nameOf(event.actor)} ${networkUsed(event)}`,
  memory: {
    // A memory each: a cluster may have more principals than one memory holds.
    met: seenSet({ id: 'principals-met', key: ({ actor }: AuditEvent) => [nameOf(actor)], member: () => here, days: 30, warmUpDays: 0 }),
    // Asked for nothing but its age.
    cluster: seenSet({
      id: 'principals-at-all',
      key: () => [],
      member: ({ actor }: AuditEvent) => actor.type,
      days: 30,
      warmUpDays: 3,
      ofThePlace: true,
    }),
    networks: seenSet({ id: 'principals-networks', key: () => [], member: networkUsed, days: 30, warmUpDays: 3 }),
  },
  judge: (event, { met, cluster, networks }) => {
    if (met.has(here) || cluster.learning || isClusterItself(event)) return undefined;
    const strange = !networks.has(networkUsed(event));
    const deed = deedOf(event);
    const age = Math.min(cluster.age, 30);
    const masters = event.actor.groups.includes('system:masters');
    return {
      // The role and not the session: a new team is one stranger.
      entity: { kind: 'identity', id: event.actor.principal, name: event.actor.name },
      summary:
        `${callerText(event)} sent ${shorten(askedFor(event))}; in ${String(age)} days the cluster never saw ${shorten(event.actor.principal)}` +
        `${strange ? `, nor anybody from ${networkUsed(event)}` : ''}${masters ? '. It is a member of system:masters' : ''}.`,
      baseline: { new: event.actor.principal, 'known networks': networks.size, 'known for days': age },
      ...(strange && masters ? { severity: 'high' } : strange && deed !== 'look' && deed !== 'read' ? { severity: 'medium' } : {}),
    };
  },
});

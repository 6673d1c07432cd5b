import { audit } from '../../detect/kit.ts';
import { coveted } from '../../knowledge/coveted.ts';
import { callerText, networkUsed } from '../../knowledge/origin.ts';
import { peersOf } from '../../knowledge/peers.ts';
import type { AuditEvent } from '../../model/audit.ts';
import type { Reach } from '../../model/entity.ts';

/** Places that a person can be in: inside the VPC, calls of one session come from many addresses. */
const places: ReadonlySet<Reach> = new Set(['public', 'named', 'aws']);

/** One access key is used from several networks at a time. Strategy: ./ADS.md */
export const accessKeyInTwoPlaces = audit.threshold({
  id: 'access-key-in-two-places',
  title: 'One access key in use from several networks at a time',
  severity: 'low',
  confidence: 'low',
  attack: ['T1078.004', 'T1550.001'],
  rows: ['D021'],
  next: 'Ask the owner which of the networks are theirs; if one belongs to nobody, revoke the sessions of the role and disable the key.',
  reads: { verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'], resources: coveted },
  when: ({ actor, origin, outcome }: AuditEvent) =>
    actor.type === 'iam' && actor.accessKey !== undefined && places.has(origin.reach) && outcome !== 'unauthenticated',
  count: { by: ({ actor }) => [actor.accessKey ?? ''], member: networkUsed, within: peersOf, minutes: 30 },
  // Keys live for hours, so their group speaks: where people leave by several exits at once, two networks are usual.
  limit: { ceiling: 5, profile: { floor: 2, deviations: 1 } },
  judge: (event, { count, limit, minutes, baseline }) => ({
    entity: event.actor,
    about: event.actor.accessKey ?? '',
    summary:
      `${callerText(event)} holds access key ${event.actor.accessKey ?? ''}, which was used from ${String(count)} networks ` +
      `within ${String(minutes)} minutes, where ${String(limit)} is the limit.`,
    baseline,
    // Who moves has one network after the other, and few of them.
    ...(count >= 2 * limit ? { severity: 'medium', confidence: 'medium' } : {}),
  }),
});

import { audit, callerHabits, noveltyToRole, seenSet } from '../../detect/kit.ts';
import { askedFor } from '../../knowledge/deed.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText, networkUsed } from '../../knowledge/origin.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { isPowerfulTarget, manner, weightyWrites } from '../../knowledge/weighty-writes.ts';
import type { AuditEvent } from '../../model/audit.ts';
import type { Severity } from '../../model/finding.ts';

// Kinds and places are remembered apart: their product would outgrow any memory, and each pair alone says little.
const kindOf = ({ verb, target }: AuditEvent): string =>
  `${manner(verb)} ${target.subresource === '' ? target.resource : `${target.resource}/${target.subresource}`}`;
const placeOf = ({ target }: AuditEvent): string => target.namespace || 'the cluster as a whole';

const kinds = callerHabits('deed-kind', kindOf);
const places = callerHabits('deed-place', placeOf);

/** Somebody writes what it never wrote, where it never did. Strategy: ./ADS.md */
export const deedNewToCaller = audit.detection({
  id: 'deed-new-to-caller',
  title: 'Kind of change that is new to its author',
  severity: 'low',
  confidence: 'low',
  attack: ['T1078.004'],
  rows: ['D034'],
  next: 'Ask the author whether this change is theirs, and look at what else it did in that hour and from which network.',
  reads: weightyWrites,
  when: (event: AuditEvent) => event.actor.type !== 'node' && event.actor.type !== 'anonymous' && event.allowed && !isClusterItself(event),
  memory: {
    ...{ ownKinds: kinds.own, roleKinds: kinds.role, allKinds: kinds.everyone },
    ...{ ownPlaces: places.own, rolePlaces: places.role, allPlaces: places.everyone },
    networks: seenSet({ id: 'deed-networks', key: () => [], member: networkUsed, days: 30, warmUpDays: 3 }),
  },
  judge: (event, { ownKinds, roleKinds, allKinds, ownPlaces, rolePlaces, allPlaces, networks }) => {
    const kind = noveltyToRole(kindOf(event), { own: ownKinds, role: roleKinds, everyone: allKinds });
    const place = noveltyToRole(placeOf(event), { own: ownPlaces, role: rolePlaces, everyone: allPlaces });
    const guarded = isGuardedNamespace(event.target.namespace);
    if (kind === undefined && !(place !== undefined && guarded)) return undefined;
    const strange = !networks.learning && !networks.has(networkUsed(event));
    const where = [
      ...(place === undefined ? [] : [`${place.never} wrote anything in ${shorten(placeOf(event))}`]),
      ...(strange ? [`nobody wrote anything from ${networkUsed(event)}`] : []),
    ];
    const never = kind === undefined ? [] : [`${kind.never} did so${kind.shared ? ', though others in this cluster did' : ''}`];
    // Whoever has no habits of its own is a stranger rather than changed.
    const changed = !(ownKinds.learning && roleKinds.learning) && place !== undefined;
    return {
      entity: event.actor,
      about: `${event.target.resource}${kind === undefined ? ` in ${event.target.namespace}` : ''}`,
      summary: `${callerText(event)} sent ${shorten(askedFor(event))}; ${[...never, ...where].join(', and ')}.`,
      baseline: { ...(kind ?? place)?.baseline },
      ...(kind !== undefined && isPowerfulTarget(event.target) ? weighed(changed, strange) : {}),
    };
  },
});

/** Something new is common, and so are a new place and a new network: all together are not. */
function weighed(changed: boolean, strange: boolean): { severity?: Severity; confidence?: 'medium' } {
  if (changed && strange) return { severity: 'high', confidence: 'medium' };
  return changed || strange ? { severity: 'medium' } : {};
}

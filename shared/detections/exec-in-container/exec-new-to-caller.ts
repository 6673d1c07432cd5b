import { audit, callerHabits, noveltyToRole } from '../../detect/kit.ts';
import { commandShape } from '../../knowledge/command-shape.ts';
import { commandText, enteredText, entries } from '../../knowledge/exec.ts';
import { callerText } from '../../knowledge/origin.ts';
import { withoutPodSuffix } from '../../knowledge/pod-names.ts';
import { isProductionLike } from '../../knowledge/production-namespaces.ts';
import { isGuardedNamespace } from '../../knowledge/security-namespaces.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Programs enter pods that are made for the purpose and named anew each time: for them, the namespace is the place. */
const placeOf = ({ actor, target }: AuditEvent): string =>
  actor.type === 'service-account' ? `any pod of ${target.namespace} as a program` : `${target.namespace}/${withoutPodSuffix(target.name)}`;
const shapeOf = ({ target, command }: AuditEvent): string => (target.subresource === 'attach' ? 'attach' : commandShape(command));

const places = callerHabits('exec-place', placeOf);
const shapes = callerHabits('exec-shape', shapeOf);

/** Somebody runs what it never ran where it never did. Strategy: ./ADS.md */
export const execNewToCaller = audit.detection({
  id: 'exec-new-to-caller',
  title: 'Container entered where its caller never entered one',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1609'],
  rows: ['D043'],
  next: 'Ask the person or the owner of the program why they entered this container, and read the other findings on the pod.',
  reads: entries,
  when: (event: AuditEvent) => event.allowed && event.actor.type !== 'anonymous' && !event.hasDuty('administrator'),
  memory: {
    ...{ ownPlaces: places.own, rolePlaces: places.role, allPlaces: places.everyone },
    ...{ ownShapes: shapes.own, roleShapes: shapes.role, allShapes: shapes.everyone },
  },
  judge: (event, { ownPlaces, rolePlaces, allPlaces, ownShapes, roleShapes, allShapes }) => {
    const place = noveltyToRole(placeOf(event), { own: ownPlaces, role: rolePlaces, everyone: allPlaces });
    if (place === undefined) return undefined;
    const shape = noveltyToRole(shapeOf(event), { own: ownShapes, role: roleShapes, everyone: allShapes });
    const { namespace } = event.target;
    const program = event.actor.type === 'service-account' || event.actor.type === 'node';
    const grave = program || isGuardedNamespace(namespace) || isProductionLike(namespace);
    return {
      entity: event.actor,
      // A program that begins to do the same everywhere is one change of the program.
      about: program && shape !== undefined ? shapeOf(event) : namespace,
      summary:
        `${callerText(event)} ran \`${commandText(event)}\` in ${enteredText(event)}; ${place.never} entered ${placeOf(event)}` +
        `${shape === undefined ? '' : `, and ${shape.never} ran ${shapeOf(event)}`}.`,
      baseline: place.baseline,
      // Somewhere new is on call. Something new as well, by a program or where it matters, is not.
      ...(shape !== undefined && grave ? { severity: 'medium' } : {}),
    };
  },
});

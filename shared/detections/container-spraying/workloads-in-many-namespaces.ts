import { audit, callerId, lastingCaller } from '../../detect/kit.ts';
import { isAppointed } from '../../knowledge/deploying.ts';
import { isEksItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { peersOf } from '../../knowledge/peers.ts';
import { declaredName, isControllersCopy, isCreation, podWrites } from '../../knowledge/pod-changes.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Preview environments are numbered: however many there are, they are one place. */
const placeOf = ({ target }: AuditEvent): string => target.namespace.replace(/\d+/g, '#');

/** One caller starts something in namespace after namespace, each little enough to pass there. Strategy: ./ADS.md */
export const workloadsInManyNamespaces = audit.threshold({
  id: 'workloads-in-many-namespaces',
  title: 'Pods or workloads made in many namespaces by one caller',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1610', 'T1496.001'],
  rows: ['D063'],
  next: 'Ask the caller what was rolled out everywhere; if nobody can say, revoke it and delete what it made in each namespace.',
  reads: { verbs: ['create', 'patch'], resources: podWrites.resources },
  when: (event: AuditEvent) =>
    event.allowed && event.actor.type !== 'node' && !event.dryRun && isCreation(event) && !isEksItself(event) && !isControllersCopy(event),
  count: { by: ({ actor }) => [callerId(actor)], member: placeOf, within: peersOf, minutes: 60 },
  limit: { ceiling: 8, profile: { floor: 4, deviations: 6 } },
  judge: (event, { count, limit, minutes, baseline }) => ({
    // Each run of a pipeline has a session of its own, and all of them are counted together.
    entity: lastingCaller(event.actor, '').entity,
    summary:
      `${callerText(event)} made pods or workloads in ${String(count)} namespaces within ${String(minutes)} minutes, ` +
      `where ${String(limit)} is the limit; the last was ${shorten(declaredName(event))}.`,
    baseline,
    ...(isAppointed(event) ? { severity: 'low' } : {}),
  }),
});

import { audit, callerId, lastingCaller } from '../../detect/kit.ts';
import { isAppointed } from '../../knowledge/deploying.ts';
import { isEksItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { peersOf } from '../../knowledge/peers.ts';
import { declaredName, isControllersCopy, isCreation } from '../../knowledge/pod-changes.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Pods or jobs one by one, never many at once, and never an end. Strategy: ./ADS.md */
export const podsMadeAllHour = audit.threshold({
  id: 'pods-made-all-hour',
  title: 'Pods or jobs made one after another for an hour',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1610', 'T1496.001'],
  rows: ['D063'],
  next: 'Ask the person or the owner of the pipeline what the pods are for; if nobody claims them, revoke the caller and delete them.',
  reads: { verbs: ['create', 'patch'], resources: ['pods', 'jobs'] },
  // Programs in the cluster that start pods do so all day: a stolen one is told by where it never did.
  when: (event: AuditEvent) =>
    event.allowed &&
    event.actor.type !== 'service-account' &&
    event.actor.type !== 'node' &&
    !event.dryRun &&
    isCreation(event) &&
    !isEksItself(event) &&
    !isControllersCopy(event),
  // By caller and not by name or place: both are the caller's choice.
  count: { by: ({ actor }) => [callerId(actor)], within: peersOf, minutes: 60 },
  limit: { ceiling: 40, profile: { floor: 20, deviations: 6 } },
  judge: (event, { count, limit, minutes, baseline }) => ({
    entity: lastingCaller(event.actor, '').entity,
    summary:
      `${callerText(event)} made ${String(count)} pods or jobs within ${String(minutes)} minutes, where ${String(limit)} is the limit; ` +
      `the last was ${shorten(declaredName(event))}.`,
    baseline,
    ...(isAppointed(event) ? { severity: 'low' } : {}),
  }),
});

import { audit, callerId, seenSet } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { at, text } from '../../model/json.ts';

/** Somebody asks for the list of all that it may do, as nobody needs to who knows his own rights. Strategy: ./ADS.md */
export const ownPermissionsListed = audit.detection({
  id: 'own-permissions-listed',
  title: 'Identity listed its own permissions',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1069.003', 'T1613'],
  rows: ['D029'],
  next: 'Look at what the identity did in the minutes after: whoever stole a credential first asks what it opens.',
  reads: { verbs: ['create'], resources: ['selfsubjectrulesreviews'] },
  when: (event: AuditEvent) => event.allowed && !isClusterItself(event) && !event.hasDuty('scanner') && !event.hasDuty('administrator'),
  memory: {
    known: seenSet({
      id: 'permission-listers',
      key: () => [],
      member: ({ actor }: AuditEvent) => callerId(actor),
      days: 30,
      warmUpDays: 0,
    }),
  },
  judge: (event, { known }) => {
    if (known.has(callerId(event.actor))) return undefined;
    const { type } = event.actor;
    const machine = type === 'service-account' || type === 'node' || type === 'anonymous';
    const namespace = text(at(event.request, 'spec', 'namespace')) ?? '';
    return {
      entity: event.actor,
      summary: `${callerText(event)} asked what it may do in namespace ${shorten(namespace)}, which it is not known to have asked before${machine ? '; workloads do not ask' : ''}.`,
      baseline: { 'others who asked': known.size, 'such as': known.some(5).join(', ') },
      severity: machine ? 'medium' : 'low',
    };
  },
});

import { audit, callerId } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { peersOf } from '../../knowledge/peers.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Somebody reads the logs of many pods. Strategy: ./ADS.md */
export const manyLogsRead = audit.threshold({
  id: 'many-logs-read',
  title: 'Logs of many pods read by one identity',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1005'],
  rows: ['D038'],
  next: 'Ask the reader what they looked for; logs hold tokens and connection strings more often than their authors know.',
  reads: { verbs: ['get'], resources: ['pods/log'] },
  when: (event: AuditEvent) => event.allowed && event.actor.type !== 'anonymous' && !isClusterItself(event) && !event.hasDuty('scanner'),
  count: {
    by: ({ actor }) => [callerId(actor)],
    member: ({ target }) => `${target.namespace}/${target.name}`,
    within: peersOf,
    minutes: 10,
  },
  limit: { ceiling: 60, profile: { floor: 20, deviations: 6 } },
  judge: (event, { count, limit, minutes, baseline }) => ({
    entity: event.actor,
    summary:
      `${callerText(event)} read the logs of ${String(count)} pods within ${String(minutes)} minutes, where ${String(limit)} is the limit; ` +
      `the last was ${event.target.namespace}/${event.target.name}.`,
    baseline,
  }),
});

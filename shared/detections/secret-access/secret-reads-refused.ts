import { audit, callerId } from '../../detect/kit.ts';
import { peersOf } from '../../knowledge/peers.ts';
import { callerText } from '../../knowledge/origin.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Somebody tries Secret after Secret and is refused each. Strategy: ./ADS.md */
export const secretReadsRefused = audit.threshold({
  id: 'secret-reads-refused',
  title: 'Reading of many Secrets refused to one caller',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1552.007', 'T1613'],
  rows: ['D109'],
  next: 'Find out whose credential this is and who uses it; software asks for what it needs, and not for what it cannot know.',
  reads: { verbs: ['get', 'list', 'watch'], resources: ['secrets'] },
  when: (event: AuditEvent) => event.outcome === 'forbidden' && event.actor.type !== 'anonymous' && !event.hasDuty('scanner'),
  count: {
    by: ({ actor }) => [callerId(actor)],
    // An application whose rights are too few asks for the same again and again.
    member: ({ target }) => `${target.namespace}/${target.name}`,
    within: peersOf,
    minutes: 15,
  },
  limit: { ceiling: 20, profile: { floor: 10, deviations: 6 } },
  judge: (event, { count, limit, minutes, baseline }) => ({
    entity: event.actor,
    summary: `${callerText(event)} was refused ${String(count)} different Secrets or lists of them within ${String(minutes)} minutes, where ${String(limit)} is the limit.`,
    baseline,
    severity: event.hasDuty('administrator') || event.hasDuty('deployer') ? 'low' : 'medium',
  }),
});

import { signal } from '../../detect/kit.ts';
import { machineText } from '../../knowledge/signal-verdicts.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { SignalEvent } from '../../model/signal.ts';

/** Auditing was switched off on a node, a rule of it was removed, or auditd ended. Strategy: ./ADS.md */
export const externalAuditdStopped = signal.detection({
  id: 'external-auditd-stopped',
  title: 'Auditing stopped or weakened on a node',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1685.004'],
  rows: ['D118'],
  next: 'Ask whether the node was being stopped or set up at that time; otherwise treat it as entered, and isolate it.',
  reads: ['auditd'],
  when: ({ type, flooding }: SignalEvent) => flooding !== true && /^(?:CONFIG_CHANGE|DAEMON_)/.test(type),
  judge: (event) => ({
    entity: event.entity,
    about: event.type,
    summary: `On ${machineText(event)}, ${shorten(event.title, 400)}: what happens there from now on may not be recorded.`,
    severity: event.severity,
  }),
});

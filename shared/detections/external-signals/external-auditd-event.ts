import { signal } from '../../detect/kit.ts';
import { machineText } from '../../knowledge/signal-verdicts.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { SignalEvent } from '../../model/signal.ts';

/** A rule that the operator marked in auditd was met on a node, or the kernel saw an anomaly. Strategy: ./ADS.md */
export const externalAuditdEvent = signal.detection({
  id: 'external-auditd-event',
  title: 'Event that auditd was told to watch for',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1059.004', 'T1543.005'],
  rows: ['D067'],
  next: 'Search the log group for the serial number in the evidence to see all records of the event, then ask who works on that node.',
  reads: ['auditd'],
  when: ({ type, flooding }: SignalEvent) => flooding !== true && /^(?:key |ANOM_)/.test(type),
  judge: (event) => ({
    entity: event.entity,
    about: event.type,
    summary: `auditd on ${machineText(event)} reports ${shorten(event.type)}: ${shorten(event.title, 400)}.`,
    severity: event.severity,
  }),
});

import { signal } from '../../detect/kit.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { graver } from '../../model/finding.ts';
import type { SignalEvent } from '../../model/signal.ts';

/** So many different things are reported from the nodes within an hour that nobody could read them. Strategy: ./ADS.md */
export const externalSignalFlood = signal.detection({
  id: 'external-signal-flood',
  title: 'Flood of signals from nodes',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1685'],
  rows: ['D117'],
  next: 'Read the gravest lines of the log group yourself, then find the node that writes most of them and isolate it.',
  reads: ['falco', 'auditd'],
  when: ({ flooding }: SignalEvent) => flooding === true,
  judge: ({ entity, type, title, severity }) => ({
    entity,
    summary: `${entity.name} reports more different things within an hour than are told one by one; the rest is counted here. The gravest may hide in it: ${shorten(type)}: ${shorten(title, 300)}.`,
    severity: graver('medium', severity),
  }),
});

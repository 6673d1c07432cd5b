import { signal } from '../../detect/kit.ts';
import { falcoVerdict } from '../../knowledge/signal-verdicts.ts';
import { atLeast } from '../../model/finding.ts';
import type { SignalEvent } from '../../model/signal.ts';

/** Falco saw something in a container or on a node that its rules call a warning or worse. Strategy: ./ADS.md */
export const externalFalcoAlert = signal.detection({
  id: 'external-falco-alert',
  title: 'Falco alert',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1059.004', 'T1611'],
  rows: ['D050'],
  next: 'Read the rule and the command line in the alert, then look here for who entered that pod or node within the hour before.',
  reads: ['falco'],
  when: ({ severity, flooding }: SignalEvent) => flooding !== true && atLeast(severity, 'medium'),
  judge: falcoVerdict,
});

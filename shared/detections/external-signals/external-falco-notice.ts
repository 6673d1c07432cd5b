import { signal } from '../../detect/kit.ts';
import { falcoVerdict } from '../../knowledge/signal-verdicts.ts';
import type { SignalEvent } from '../../model/signal.ts';

/** Falco noticed something that is everyday by itself, such as a shell in a container. Strategy: ./ADS.md */
export const externalFalcoNotice = signal.detection({
  id: 'external-falco-notice',
  title: 'Falco notice',
  severity: 'low',
  confidence: 'low',
  attack: ['T1059.004'],
  rows: ['D050'],
  next: 'See whether other alerts name the same pod or node at that time: by itself this is everyday.',
  reads: ['falco'],
  when: ({ severity, flooding }: SignalEvent) => flooding !== true && severity === 'low',
  judge: falcoVerdict,
});

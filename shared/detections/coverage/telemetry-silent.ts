import { coverage } from '../../detect/kit.ts';
import { gapVerdict, mustBeTold } from '../../knowledge/gap-ids.ts';

/** A log says nothing where it usually says something, and nothing that was looked at explains it. Strategy: ./ADS.md */
export const telemetrySilent = coverage.detection({
  id: 'telemetry-silent',
  title: 'A watched log has fallen silent',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1685.002'],
  rows: ['D117'],
  next: 'See whether the log group still takes lines and the cluster still runs; if both do, look at the subscription and its function, and treat the silence as unseen, not as quiet.',
  reads: ['silent'],
  when: mustBeTold,
  judge: (event) => {
    // Calls to AWS and logins pause where people do.
    const constant = event.gap.source === 'audit' || event.gap.source === 'flow';
    return { ...gapVerdict(event), ...(constant ? {} : { severity: 'medium', confidence: 'low' }) };
  },
});

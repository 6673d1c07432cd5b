import { coverage } from '../../detect/kit.ts';
import { gapVerdict, mustBeTold, telemetryGaps } from '../../knowledge/gap-ids.ts';
import type { TelemetrySource } from '../../model/coverage.ts';
import type { Severity } from '../../model/finding.ts';

/** How much is lost with each source. */
const severities: Readonly<Record<TelemetrySource, Severity>> = {
  audit: 'critical',
  api: 'critical',
  pipeline: 'critical',
  flow: 'high',
  authenticator: 'medium',
};

/** Of these, traffic is still seen, if less of it or less well. */
const partial: ReadonlySet<string> = new Set(['flow-log-fields', 'flow-log-partial']);

/** A log that is watched is off, or does not reach who reads it. Strategy: ./ADS.md */
export const telemetryBlind = coverage.detection({
  id: 'telemetry-blind',
  title: 'A watched log is off or does not arrive',
  severity: 'critical',
  confidence: 'high',
  attack: ['T1685.002'],
  rows: ['D115', 'D116', 'D117'],
  next: 'Restore it with the commands under evidence, find in CloudTrail who changed it, and treat the time in between as unseen.',
  reads: telemetryGaps,
  when: mustBeTold,
  judge: (event) => ({ ...gapVerdict(event), severity: partial.has(event.gap.id) ? 'medium' : severities[event.gap.source] }),
});

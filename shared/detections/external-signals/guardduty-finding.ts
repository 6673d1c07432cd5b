import { signal } from '../../detect/kit.ts';
import { concernsClusters } from '../../knowledge/guardduty.ts';
import type { SignalEvent } from '../../model/signal.ts';

/** GuardDuty found something about a cluster, a node or their credentials. Strategy: ./ADS.md */
export const guarddutyFinding = signal.detection({
  id: 'guardduty-finding',
  title: 'GuardDuty finding',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1078.004', 'T1609', 'T1610'],
  rows: ['D152'],
  next: 'Open the finding in GuardDuty by its id, then look here for what the same identity or workload did within the hour before and after.',
  reads: ['guardduty'],
  when: ({ type }: SignalEvent) => concernsClusters(type),
  judge: ({ entity, type, title, severity }) => ({
    entity,
    about: type,
    summary: `GuardDuty reports about ${entity.name}: ${title} (${type}).`,
    // `aws guardduty create-sample-findings` makes findings that are marked so.
    severity: title.startsWith('[SAMPLE]') ? 'low' : severity,
  }),
});

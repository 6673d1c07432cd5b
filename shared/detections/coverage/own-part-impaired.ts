import { coverage } from '../../detect/kit.ts';
import { gapVerdict, mustBeTold, ownGaps } from '../../knowledge/gap-ids.ts';

/** Gaps after which events are judged and alerts told all the same. */
const lesser: ReadonlySet<string> = new Set(['alarms-missing', 'alarms-silenced', 'topic-unheard']);

/** A part of this product is gone, off or another than was deployed. Strategy: ./ADS.md */
export const ownPartImpaired = coverage.detection({
  id: 'own-part-impaired',
  title: 'Part of Plimsoll is gone, off or not as deployed',
  severity: 'critical',
  confidence: 'high',
  attack: ['T1685'],
  rows: ['D116'],
  next: 'Restore it with the commands under evidence, and find in CloudTrail who changed it and what else they did.',
  reads: ownGaps,
  when: mustBeTold,
  judge: (event) => ({ ...gapVerdict(event), ...(lesser.has(event.gap.id) ? { severity: 'high' } : {}) }),
});

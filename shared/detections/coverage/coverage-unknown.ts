import { coverage } from '../../detect/kit.ts';
import { gapVerdict, mustBeTold } from '../../knowledge/gap-ids.ts';

/** The coverage check may not look at something: whether it is watched cannot be told. Strategy: ./ADS.md */
export const coverageUnknown = coverage.detection({
  id: 'coverage-unknown',
  title: 'Coverage that cannot be checked',
  severity: 'low',
  confidence: 'high',
  attack: ['T1685'],
  rows: ['D117'],
  next: 'Read the refusal under evidence; if a permission of the check was taken away, deploy the stack again and find in CloudTrail who did it.',
  reads: ['unknown'],
  when: mustBeTold,
  judge: (event) => gapVerdict(event),
});

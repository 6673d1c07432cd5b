import { intake } from '../../detect/kit.ts';
import { logSourceOf } from '../../knowledge/log-source.ts';

/** Two requests carry one Audit-ID: a client chose it. Strategy: ./ADS.md */
export const reusedAuditId = intake.detection({
  id: 'reused-audit-id',
  title: 'Two requests under one Audit-ID',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1685.002'],
  rows: ['D117'],
  next: 'Compare both requests by time and URI; whoever sets the Audit-ID header by hand tries to have one of them dropped as a duplicate.',
  reads: ['reused-audit-id'],
  judge: (event) => ({
    entity: logSourceOf(event),
    summary: `${event.note}; clients leave this id to the API server unless they want two records to look like one. Both were judged.`,
  }),
});

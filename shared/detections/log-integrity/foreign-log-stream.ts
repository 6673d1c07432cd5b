import { intake } from '../../detect/kit.ts';
import { logSourceOf } from '../../knowledge/log-source.ts';

/** Somebody writes lines into a monitored log group beside EKS. Strategy: ./ADS.md */
export const foreignLogStream = intake.detection({
  id: 'foreign-log-stream',
  title: 'Lines from a stream that EKS does not write',
  severity: 'medium',
  confidence: 'high',
  attack: ['T1685.002', 'T1565'],
  rows: ['D116'],
  next: 'Search CloudTrail for CreateLogStream on the group, and take the permission logs:PutLogEvents on it away from everybody but EKS.',
  reads: ['foreign-stream'],
  judge: (event) => ({
    entity: logSourceOf(event),
    summary: `A line came from ${event.place}, a stream that EKS does not write; it was put aside and judged by no other detection.`,
  }),
});

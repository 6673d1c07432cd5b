import { api, snapshot } from '../../detect/kit.ts';
import { deedText, isControlPlaneGroup, isMonitoringGroup, logGroupOf, weighed } from '../../knowledge/monitoring.ts';
import type { ApiEvent } from '../../model/api.ts';
import { number, text } from '../../model/json.ts';

/** A retention of at most a week leaves too little to investigate with, whatever it was before. */
const shortRetention = 7;

/** A monitored log group or stream is deleted, or its lines are made to expire sooner. Strategy: ./ADS.md */
export const logGroupDeleted = api.detection({
  id: 'log-group-deleted',
  title: 'Monitored log deleted or shortened',
  severity: 'critical',
  confidence: 'high',
  attack: ['T1685.002', 'T1485'],
  rows: ['D116'],
  next: 'Deploy the stack again, since a group that EKS makes anew has no subscription, and export the other logs before they go, too.',
  reads: ['logs:DeleteLogGroup', 'logs:DeleteLogStream', 'logs:PutRetentionPolicy'],
  when: (event: ApiEvent) => isMonitoringGroup(logGroupOf(event.parameters)),
  memory: {
    retention: snapshot({
      id: 'log-retention',
      key: (event: ApiEvent) => (event.error === '' ? [logGroupOf(event.parameters)] : undefined),
      value: ({ action, parameters }: ApiEvent) =>
        action === 'PutRetentionPolicy' ? { days: number(parameters['retentionInDays']) ?? 0 } : undefined,
    }),
  },
  judge: (event, { retention }) => {
    const group = logGroupOf(event.parameters);
    const verdict = { entity: event.actor, about: group };
    if (event.action === 'DeleteLogGroup') {
      const summary = deedText(event, ['deleted', 'delete'], `log group ${group}`, 'its history and its subscriptions went with it');
      return { ...verdict, summary, ...weighed(event, isControlPlaneGroup(group) ? 'critical' : 'high') };
    }
    if (event.action === 'DeleteLogStream') {
      const stream = text(event.parameters['logStreamName']) ?? 'of unknown name';
      const summary = deedText(event, ['deleted', 'delete'], `log stream ${stream} of ${group}`, 'the lines in it are gone');
      return { ...verdict, summary, ...weighed(event, 'high') };
    }
    const days = number(event.parameters['retentionInDays']) ?? 0;
    const before = number(retention.previous?.['days']);
    if (before === undefined ? days > shortRetention : days >= before) return undefined;
    const what = `the retention of ${group} to ${String(days)} days${before === undefined ? '' : `, from ${String(before)}`}`;
    return {
      ...verdict,
      summary: deedText(event, ['set', 'set'], what, 'older lines are deleted'),
      baseline: { 'days before': before ?? 'unknown', 'days now': days },
      ...weighed(event, 'medium', before === undefined ? 'medium' : 'high'),
    };
  },
});

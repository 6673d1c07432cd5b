import { api } from '../../detect/kit.ts';
import { deedText, isControlPlaneGroup, isMonitoringGroup, logGroupOf, weighed } from '../../knowledge/monitoring.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';
import { text } from '../../model/json.ts';

/** New lines of a monitored log are encrypted with another key: whoever holds it decides who reads them. Strategy: ./ADS.md */
export const logKeyChanged = api.detection({
  id: 'log-key-changed',
  title: 'Encryption key of a monitored log changed',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1685.002', 'T1485'],
  rows: ['D116'],
  next: 'See with `aws kms describe-key` whose key it is; if it is not yours, associate your own again, since lines written meanwhile go when that key goes.',
  reads: ['logs:AssociateKmsKey', 'logs:DisassociateKmsKey'],
  when: (event: ApiEvent) => isMonitoringGroup(groupOf(event)),
  judge: (event) => {
    const group = groupOf(event);
    const key = text(event.parameters['kmsKeyId']) ?? '';
    const verdict = { entity: event.actor, about: group };
    if (event.action === 'DisassociateKmsKey') {
      const summary = deedText(event, ['removed', 'remove'], `the key of ${group}`, 'new lines are encrypted with a key of the service');
      return { ...verdict, summary, ...weighed(event, 'low') };
    }
    const account = /^arn:[^:]*:kms:[^:]*:(\d{12}):/.exec(key)?.[1];
    const foreign = account !== undefined && account !== event.scope.account;
    const what = `the key of ${group} to ${shorten(key)}`;
    const whose = foreign
      ? `it belongs to account ${account}, which can make the log unreadable`
      : 'whoever may use that key decides who reads it';
    const summary = deedText(event, ['changed', 'change'], what, whose);
    return {
      ...verdict,
      summary,
      ...weighed(event, foreign ? 'critical' : isControlPlaneGroup(group) ? 'high' : 'medium', foreign ? 'high' : 'medium'),
    };
  },
});

/** These calls may name a log group by `resourceIdentifier`. Source: CloudWatch Logs API reference, `AssociateKmsKey`. */
function groupOf({ parameters }: ApiEvent): string {
  const identifier = text(parameters['resourceIdentifier']);
  return logGroupOf(identifier === undefined ? parameters : { logGroupIdentifier: identifier });
}

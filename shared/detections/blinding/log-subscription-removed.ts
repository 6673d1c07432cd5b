import { api, snapshot } from '../../detect/kit.ts';
import {
  deedText,
  isMonitoringGroup,
  isOwnDestination,
  isOwnFilter,
  isThroughCloudFormation,
  logGroupOf,
  weighed,
} from '../../knowledge/monitoring.ts';
import type { ApiEvent } from '../../model/api.ts';
import { text } from '../../model/json.ts';

const filterOf = ({ parameters }: ApiEvent): string => text(parameters['filterName']) ?? '';

/** The stream from a monitored log to its readers is cut, turned elsewhere or narrowed. Strategy: ./ADS.md */
export const logSubscriptionRemoved = api.detection({
  id: 'log-subscription-removed',
  title: 'Subscription of a monitored log removed or replaced',
  severity: 'critical',
  confidence: 'high',
  attack: ['T1685.002'],
  rows: ['D116'],
  next: 'Compare `aws logs describe-subscription-filters` with the stack, deploy it again, and replay the log group for the time in between.',
  reads: ['logs:DeleteSubscriptionFilter', 'logs:PutSubscriptionFilter'],
  when: (event: ApiEvent) => isMonitoringGroup(logGroupOf(event.parameters)) || isOwnFilter(filterOf(event)),
  memory: {
    filter: snapshot({
      id: 'subscription-filter',
      key: (event: ApiEvent) => (event.error === '' ? [logGroupOf(event.parameters), filterOf(event)] : undefined),
      value: (event: ApiEvent) => (event.action === 'PutSubscriptionFilter' ? settingsOf(event) : undefined),
    }),
  },
  judge: (event, { filter: { previous } }) => {
    const group = logGroupOf(event.parameters);
    const filter = filterOf(event);
    const now = settingsOf(event);
    const enrols = isEnrolment(event);
    const grave = enrols ? 'low' : isOwnFilter(filter) ? 'critical' : 'high';
    const verdict = { entity: event.actor, about: `${group} ${filter}` };
    const what = `subscription filter ${filter} of ${group}`;
    if (event.action === 'DeleteSubscriptionFilter') {
      return {
        ...verdict,
        summary: deedText(event, ['removed', 'remove'], what, 'its reader gets no new lines'),
        ...weighed(event, grave),
      };
    }
    const sends = `it sends ${now.pattern === '' ? 'every line' : `only lines that match ${now.pattern}`} to ${now.destination}`;
    if (previous === undefined) {
      if (enrols) return undefined;
      // Any put replaces a filter of the same name; this one was never seen, so there may have been none. The stack puts its own.
      const severity = isOwnFilter(filter) && !isThroughCloudFormation(event) ? 'high' : 'medium';
      const summary = deedText(event, ['put', 'put'], what, `${sends}, and what it did before is not known`);
      return { ...verdict, summary, ...weighed(event, severity, 'low') };
    }
    const before = { destination: String(previous['destination']), pattern: String(previous['pattern']) };
    if (before.destination === now.destination && before.pattern === now.pattern) return undefined;
    const summary = deedText(
      event,
      ['replaced', 'replace'],
      what,
      `${sends}, where before it sent ${before.pattern || 'every line'} to ${before.destination}`,
    );
    return {
      ...verdict,
      summary,
      baseline: { 'destination before': before.destination, 'pattern before': before.pattern },
      ...weighed(event, grave),
    };
  },
});

/**
 * Enrolment at its work: it takes filters of ours off, and points them at us. Whoever has its credential and does anything else
 * with it is judged like anybody.
 */
function isEnrolment(event: ApiEvent): boolean {
  if (!event.hasDuty('enrolment') || event.error !== '' || !isOwnFilter(filterOf(event))) return false;
  return event.action === 'DeleteSubscriptionFilter' || isOwnDestination(settingsOf(event).destination, event.scope);
}

function settingsOf({ parameters }: ApiEvent): { readonly destination: string; readonly pattern: string } {
  return { destination: text(parameters['destinationArn']) ?? '', pattern: text(parameters['filterPattern']) ?? '' };
}

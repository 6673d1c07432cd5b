import { api } from '../../detect/kit.ts';
import { deedText, isThroughCloudFormation, weighed, weighedAsPlanned } from '../../knowledge/monitoring.ts';
import { isUpgrade, ownCalls, ownResources } from '../../knowledge/own-resources.ts';
import { some } from '../../knowledge/shorten.ts';

/** Something of this product itself is deleted, switched off or changed. Strategy: ./ADS.md */
export const ownResourceTampered = api.detection({
  id: 'own-resource-tampered',
  title: 'Part of Plimsoll deleted, switched off or changed',
  severity: 'critical',
  confidence: 'high',
  attack: ['T1685', 'T1685.002'],
  rows: ['D116'],
  next: 'Deploy the stack again, compare its resources with `cdk diff` and `aws cloudformation detect-stack-drift`, and replay the logs for the time in between.',
  reads: Object.keys(ownCalls),
  when: (event) => ownResources(event).length > 0,
  judge: (event) => {
    const call = ownCalls[`${event.service}:${event.action}`];
    if (call?.harms(event.parameters) !== true) return undefined;
    // Whoever deploys this product does this to its stack with every version: told, and nobody is woken.
    const upgrade = isThroughCloudFormation(event) && isUpgrade(event);
    // Whoever deploys orders the change of the stack in his own name: CloudFormation is not yet between.
    const weigh = event.service === 'cloudformation' && isUpgrade(event) ? weighedAsPlanned : weighed;
    return {
      entity: event.actor,
      // A deployment touches many resources: one alert for each service is enough.
      about: event.invokedBy === '' ? ownResources(event).join(' ') : event.service,
      summary: deedText(event, call.did, some(ownResources(event)), call.consequence),
      ...weigh(event, upgrade ? 'medium' : call.severity),
    };
  },
});

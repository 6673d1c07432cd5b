import { audit, snapshot } from '../../detect/kit.ts';
import { type Answerer, answererOf } from '../../knowledge/answerer.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { at, text } from '../../model/json.ts';

/** Who converts objects of a custom resource; nobody is the rule. Source: Kubernetes API reference, `CustomResourceDefinition` v1. */
function converter({ result }: AuditEvent): Answerer {
  const conversion = at(result, 'spec', 'conversion');
  return at(conversion, 'strategy') === 'Webhook'
    ? answererOf(at(conversion, 'webhook', 'clientConfig'))
    : { name: 'nobody', external: false };
}

/** Objects of a custom resource pass through a webhook that they did not pass before. Strategy: ./ADS.md */
export const conversionWebhookChanged = audit.detection({
  id: 'conversion-webhook-changed',
  title: 'Conversion of a custom resource redirected',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1546', 'T1557'],
  rows: ['D104'],
  next: 'Restore the CustomResourceDefinition from its owner’s manifest unless the owner vouches for it, and compare stored objects with version control.',
  reads: { verbs: ['create', 'update', 'patch'], resources: ['customresourcedefinitions'] },
  memory: {
    converters: snapshot({
      id: 'crd-conversion',
      key: ({ name }: AuditEvent) => (name === '' ? undefined : [name]),
      value: (event: AuditEvent) => (event.allowed && event.result !== undefined ? { converter: converter(event).name } : undefined),
    }),
  },
  when: (event) => event.allowed && !event.dryRun && event.mayMention('"conversion'),
  judge: (event, { converters: { previous } }) => {
    const now = converter(event);
    const before = text(previous?.['converter']);
    if (now.name === 'nobody' || now.name === before || isClusterItself(event)) return undefined;
    // Definitions come with a converter of their own cluster; only one that leaves it, or that is new, is odd.
    if (!now.external && before === undefined) return undefined;
    const planned = event.hasDuty('deployer') || event.hasDuty('administrator');
    return {
      entity: { kind: 'object', id: `customresourcedefinitions/${event.name}`, name: event.name },
      about: event.actor.id,
      summary: `${callerText(event)} made ${shorten(now.name)} convert all objects of ${shorten(event.name)}${before === undefined ? '' : `, which ${shorten(before)} did before`}${now.external ? '; it is outside of the cluster' : ''}.`,
      severity: now.external ? 'high' : planned ? 'low' : 'medium',
    };
  },
});

import { audit } from '../../detect/kit.ts';
import { knownWebhooks, webhookResources, webhookVersions } from '../../knowledge/admission-webhooks.ts';
import { isGarbageCollection } from '../../knowledge/cluster-cleaners.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import { isOwnersWrite } from '../../knowledge/webhook-owners.ts';
import type { AuditEvent } from '../../model/audit.ts';
import type { Severity } from '../../model/finding.ts';

/** Nobody is asked any more whether an object may be stored. Strategy: ./ADS.md */
export const admissionWebhookRemoved = audit.detection({
  id: 'admission-webhook-removed',
  title: 'Admission webhook removed',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1685'],
  rows: ['D102'],
  next: 'Restore the configuration from its owner’s manifest unless the removal was planned, and list what was created since against the policies it enforced.',
  reads: { verbs: ['delete', 'deletecollection'], resources: webhookResources },
  memory: { webhooks: webhookVersions },
  when: (event) => !event.dryRun && (event.allowed || event.outcome === 'forbidden'),
  judge: (event, { webhooks: { previous } }) => {
    const collector = isGarbageCollection(event);
    if (!collector && (isClusterItself(event) || isOwnersWrite(event))) return undefined;
    const { resource, name } = event.target;
    const what = name === '' ? `all ${resource}` : `${resource.replace('configurations', ' configuration')} ${shorten(name)}`;
    const saw = [...new Set([...knownWebhooks(previous).values()].flatMap(({ sees }) => sees))];
    return {
      entity: { kind: 'object', id: `${resource}/${name}`, name: what },
      about: event.actor.id,
      summary: event.allowed
        ? `${callerText(event)} deleted ${what}${saw.length === 0 ? '' : `, which was asked about ${some(saw, 5)}`}: nobody is asked any more.`
        : `${callerText(event)} was refused when trying to delete ${what}.`,
      severity: severityOf(event, collector),
    };
  },
});

function severityOf(event: AuditEvent, collector: boolean): Severity {
  if (!event.allowed || collector || event.hasDuty('deployer') || event.hasDuty('administrator')) return 'low';
  return event.target.name === '' || event.target.resource.startsWith('validating') ? 'high' : 'medium';
}

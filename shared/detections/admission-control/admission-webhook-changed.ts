import { audit } from '../../detect/kit.ts';
import {
  type WebhookTrait,
  knownWebhooks,
  webhookResources,
  webhooksOf,
  webhookTraits,
  webhookVersions,
} from '../../knowledge/admission-webhooks.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten, some } from '../../knowledge/shorten.ts';
import { isCertificateInjector, isOwnersWrite } from '../../knowledge/webhook-owners.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { graver, type Severity } from '../../model/finding.ts';
import type { JsonObject } from '../../model/json.ts';

/** A webhook is shown, or may rewrite, what the cluster is asked to store, or no longer objects to it. Strategy: ./ADS.md */
export const admissionWebhookChanged = audit.detection({
  id: 'admission-webhook-changed',
  title: 'Admission webhook created or changed',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1546', 'T1685'],
  rows: ['D102'],
  next: 'Compare the configuration with its owner’s manifest and restore it if nobody vouches for it; whoever answers it was shown every object since.',
  reads: { verbs: ['create', 'update', 'patch'], resources: webhookResources },
  memory: { webhooks: webhookVersions },
  when: (event) => !event.dryRun && (event.allowed || event.outcome === 'forbidden'),
  judge: (event, { webhooks: { previous } }) => {
    if (isClusterItself(event)) return undefined;
    const verdict = {
      entity: { kind: 'object' as const, id: `${event.target.resource}/${event.name}`, name: event.name },
      about: event.actor.id,
    };
    const what = `${event.target.resource.replace('configurations', ' configuration')} ${shorten(event.name) || 'of unknown name'}`;
    if (!event.allowed)
      return { ...verdict, summary: `${callerText(event)} was refused when trying to ${event.verb} ${what}.`, severity: 'low' };
    const changes = changesOf(event, previous);
    if (changes.length === 0) return undefined;
    const external = changes.some((change) => change.external === true);
    const severity: Severity = changes.map((change) => change.severity).reduce(graver);
    const planned = event.hasDuty('deployer') || event.hasDuty('administrator');
    return {
      ...verdict,
      summary: `${callerText(event)} ${event.verb === 'create' ? 'created' : 'changed'} ${what}${previous === undefined ? '' : ', new since its previous version'}: ${some(changes.map(({ words }) => words))}.`,
      severity: planned ? (external ? 'medium' : 'low') : severity,
      // Without a previous version a change cannot be told from what always was.
      ...(event.verb === 'create' || previous !== undefined ? {} : { confidence: 'low' as const }),
    };
  },
});

function changesOf(event: AuditEvent, previous: JsonObject | undefined): readonly WebhookTrait[] {
  const before = knownWebhooks(previous);
  const now = webhooksOf(event.result);
  const mutating = event.target.resource.startsWith('mutating');
  const gone = [...before.keys()].filter((name) => !now.some((webhook) => webhook.name === name));
  const changes: readonly WebhookTrait[] = [
    ...now.flatMap((webhook) =>
      webhookTraits(webhook, before.get(webhook.name), mutating).map((trait) => ({
        ...trait,
        words: `${shorten(webhook.name)} ${trait.words}`,
      })),
    ),
    ...gone.map((name) => ({ severity: 'medium' as const, words: `${shorten(name)} is gone` })),
  ];
  // An owner that sends objects out of the cluster, or an injector that changes more than certificates, is not at its work.
  if (isOwnersWrite(event)) return changes.filter(({ external }) => external === true);
  return isCertificateInjector(event) ? changes.filter(({ certificate }) => certificate !== true) : changes;
}

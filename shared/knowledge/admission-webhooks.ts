import type { AuditEvent } from '../model/audit.ts';
import type { Severity } from '../model/finding.ts';
import { digest } from '../model/hash.ts';
import { type JsonObject, at, list, object, text, texts } from '../model/json.ts';
import { type Snapshot, snapshot } from '../state/snapshot.ts';
import { type Answerer, answererOf } from './answerer.ts';
import { shorten, some } from './shorten.ts';

/** Both kinds of admission webhook configuration. */
export const webhookResources = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'];

/** One webhook of a configuration, as far as it is compared. */
export interface Webhook {
  readonly name: string;
  readonly answerer: Answerer;
  /** Digest of the certificates by which whoever answers is known. */
  readonly trusts: string;
  /** What it is asked about, each as `group/resource`. */
  readonly sees: readonly string[];
  /** Requests pass where it does not answer. */
  readonly ignored: boolean;
  /** Requirements of its selectors and match conditions, and their digest. */
  readonly exemptions: number;
  readonly exempting: string;
}

/** The newest versions of every admission webhook configuration. */
export const webhookVersions: Snapshot<AuditEvent> = snapshot({
  id: 'admission-webhook',
  key: ({ target, name }) => (name === '' ? undefined : [target.resource, name]),
  value: (event) =>
    event.allowed && !event.dryRun && !event.verb.startsWith('delete') && event.result !== undefined
      ? { webhooks: webhooksOf(event.result) }
      : undefined,
});

/** The webhooks of a configuration. Source: Kubernetes API reference, `ValidatingWebhookConfiguration` v1. */
export function webhooksOf(configuration: JsonObject | undefined): readonly Webhook[] {
  return list(configuration?.['webhooks']).map((webhook) => {
    const selectors = ['namespaceSelector', 'objectSelector'].map((name) => at(webhook, name));
    const requirements = selectors.flatMap((selector) => [
      ...Object.entries(object(at(selector, 'matchLabels')) ?? {}),
      ...list(at(selector, 'matchExpressions')),
    ]);
    const conditions = list(at(webhook, 'matchConditions'));
    return {
      name: text(at(webhook, 'name')) ?? '',
      answerer: answererOf(at(webhook, 'clientConfig')),
      trusts: digest(8, [text(at(webhook, 'clientConfig', 'caBundle')) ?? '']),
      sees: [...new Set(list(at(webhook, 'rules')).flatMap(seenBy))].sort(),
      ignored: at(webhook, 'failurePolicy') === 'Ignore',
      exemptions: requirements.length + conditions.length,
      exempting: digest(8, [JSON.stringify([requirements, conditions])]),
    };
  });
}

function seenBy(rule: unknown): readonly string[] {
  const groups = texts(at(rule, 'apiGroups'));
  return texts(at(rule, 'resources')).flatMap((resource) => (groups.length === 0 ? [''] : groups).map((group) => `${group}/${resource}`));
}

/** The webhooks of a remembered version, by name. */
export function knownWebhooks(previous: JsonObject | undefined): ReadonlyMap<string, Webhook> {
  // Only this file writes the value.
  return new Map((list(previous?.['webhooks']) as readonly Webhook[]).map((webhook) => [webhook.name, webhook]));
}

/** One thing about a webhook that somebody should know. */
export interface WebhookTrait {
  readonly severity: Severity;
  /** After the webhook's name. */
  readonly words: string;
  /** Only who is trusted to answer has changed. */
  readonly certificate?: boolean;
  /** Objects leave the cluster. */
  readonly external?: boolean;
}

/** What is new about a webhook against its previous version; of one without any, what it may do. */
export function webhookTraits(now: Webhook, before: Webhook | undefined, mutating: boolean): readonly WebhookTrait[] {
  const { answerer } = now;
  const traits: WebhookTrait[] = [];
  const moved = before?.answerer.name !== answerer.name;
  if (moved && answerer.external)
    traits.push({
      severity: 'high',
      words: `sends what it is asked about out of the cluster to ${shorten(answerer.name)}`,
      external: true,
    });
  else if (moved && before !== undefined)
    traits.push({
      severity: 'medium',
      words: `is answered by ${shorten(answerer.name)} and no longer by ${shorten(before.answerer.name)}`,
    });
  const fresh = now.sees.filter((seen) => before?.sees.includes(seen) !== true);
  const everything = fresh.filter((seen) => /^(?:\*|)\/\*(?:\/\*)?$/.test(seen));
  if (everything.length > 0) traits.push({ severity: 'high', words: 'is shown every object, Secrets among them' });
  else if (fresh.some((seen) => /^(?:\*|)\/secrets$/.test(seen))) traits.push({ severity: 'high', words: 'is shown Secrets' });
  else if (fresh.some((seen) => /^(?:\*|)\/pods(?:\/|$)/.test(seen)))
    traits.push({ severity: 'medium', words: mutating ? 'may rewrite pods' : 'is asked about pods' });
  else if (fresh.length > 0) traits.push({ severity: 'low', words: `is asked about ${some(fresh)}` });
  return before === undefined ? traits : [...traits, ...weakenings(now, before)];
}

function weakenings(now: Webhook, before: Webhook): readonly WebhookTrait[] {
  const lost = before.sees.filter((seen) => !now.sees.includes(seen));
  return [
    ...(lost.length > 0 ? [{ severity: 'medium' as const, words: `is no longer asked about ${some(lost)}` }] : []),
    ...(now.ignored && !before.ignored ? [{ severity: 'medium' as const, words: 'lets pass what it does not answer in time' }] : []),
    ...(now.exempting !== before.exempting
      ? [
          {
            severity: now.exemptions > before.exemptions ? ('medium' as const) : ('low' as const),
            words: 'exempts other objects than before',
          },
        ]
      : []),
    ...(now.trusts !== before.trusts
      ? [{ severity: 'medium' as const, words: 'trusts another certificate than before', certificate: true }]
      : []),
  ];
}

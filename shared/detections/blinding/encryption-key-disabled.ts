import { api } from '../../detect/kit.ts';
import { deedText, weighed } from '../../knowledge/monitoring.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';
import { number, text } from '../../model/json.ts';

/** A KMS key stops working: what it protects, perhaps this product's memory or a cluster's Secrets, cannot be read. Strategy: ./ADS.md */
export const encryptionKeyDisabled = api.detection({
  id: 'encryption-key-disabled',
  title: 'Encryption key disabled or about to be deleted',
  severity: 'high',
  // The call names a key by id: whose key it is stands nowhere in it.
  confidence: 'low',
  attack: ['T1685.002', 'T1485'],
  rows: ['D116'],
  next: 'See with `aws kms describe-key` what the key is for; if it is in use, run `aws kms cancel-key-deletion` and `aws kms enable-key`, then review the caller.',
  reads: ['kms:DisableKey', 'kms:ScheduleKeyDeletion', 'kms:DeleteImportedKeyMaterial', 'kms:PutKeyPolicy'],
  judge: (event: ApiEvent) => {
    const policy = event.action === 'PutKeyPolicy' ? policyDeed(event) : undefined;
    if (event.action === 'PutKeyPolicy' && policy === undefined) return undefined;
    const key = shorten(text(event.parameters['keyId']) ?? 'of unknown id');
    const days = number(event.parameters['pendingWindowInDays']) ?? 30;
    const consequence = 'if it is the key of Plimsoll, of a log or of the Secrets of a cluster, they cannot be read any more';
    const summary =
      policy !== undefined
        ? deedText(event, ['changed', 'change'], `the policy of key ${key}`, policy)
        : event.action === 'ScheduleKeyDeletion'
          ? deedText(event, ['scheduled', 'schedule'], `the deletion of key ${key} in ${String(days)} days`, consequence)
          : deedText(event, ['disabled', 'disable'], `key ${key}`, consequence);
    return { entity: event.actor, about: key, summary, ...weighed(event, policy === undefined ? 'high' : 'medium', 'low') };
  },
});

/** What a key policy does to those who need the key, where it shows: it denies, or leaves out the account that the key is in. */
function policyDeed({ parameters, scope }: ApiEvent): string | undefined {
  const policy = text(parameters['policy']) ?? '';
  if (/"Effect"\s*:\s*"Deny"/.test(policy)) return 'it denies: Plimsoll, a log or a cluster may not be able to use the key any more';
  // Source: AWS KMS developer guide, "Default key policy": the account's root is what IAM policies rest on.
  return policy.includes(`:iam::${scope.account}:root`)
    ? undefined
    : 'it does not name the account itself: what IAM policies allow with the key no longer holds';
}

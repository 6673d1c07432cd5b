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
  reads: ['kms:DisableKey', 'kms:ScheduleKeyDeletion'],
  judge: (event: ApiEvent) => {
    const key = shorten(text(event.parameters['keyId']) ?? 'of unknown id');
    const days = number(event.parameters['pendingWindowInDays']) ?? 30;
    const consequence = 'if it is the key of Plimsoll, of a log or of the Secrets of a cluster, they cannot be read any more';
    const summary =
      event.action === 'DisableKey'
        ? deedText(event, ['disabled', 'disable'], `key ${key}`, consequence)
        : deedText(event, ['scheduled', 'schedule'], `the deletion of key ${key} in ${String(days)} days`, consequence);
    return { entity: event.actor, about: key, summary, ...weighed(event, 'high', 'low') };
  },
});

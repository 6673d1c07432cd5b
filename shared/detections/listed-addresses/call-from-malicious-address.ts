import { audit } from '../../detect/kit.ts';
import { badReputeVerdict, isServedOrKnown } from '../../knowledge/bad-repute.ts';
import { listingOf } from '../../knowledge/listing.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** The cluster is called from an address of bad repute. Strategy: ./ADS.md */
export const callFromMaliciousAddress = audit.detection({
  id: 'call-from-malicious-address',
  title: 'Cluster called from a malicious address',
  severity: 'high',
  // Feeds keep addresses long after somebody else has them.
  confidence: 'medium',
  attack: ['T1078.004', 'T1090'],
  rows: ['D007'],
  needs: ['list:threat'],
  next: 'Ask the owner of the credential whether they called from this address; revoke it if they did not.',
  // Any call counts. Nearly every event ends at the first comparison, and without a list nothing comes here.
  reads: { verbs: ['*'], resources: ['*'] },
  when: (event: AuditEvent) => listingOf(event.origin.lists, 'threat') !== undefined && isServedOrKnown(event),
  judge: (event) => {
    const verdict = badReputeVerdict(event, 'threat', 'on the list of malicious addresses');
    // A test that was ordered comes from where such tests come from.
    return event.hasDuty('scanner') ? { ...verdict, severity: 'low' } : verdict;
  },
});

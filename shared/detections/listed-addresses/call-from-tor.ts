import { audit } from '../../detect/kit.ts';
import { badReputeVerdict, isServedOrKnown } from '../../knowledge/bad-repute.ts';
import { listingOf } from '../../knowledge/listing.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** The cluster is called through the Tor network. Strategy: ./ADS.md */
export const callFromTor = audit.detection({
  id: 'call-from-tor',
  title: 'Cluster called through Tor',
  severity: 'high',
  confidence: 'high',
  attack: ['T1090.003', 'T1078.004'],
  rows: ['D006'],
  needs: ['list:tor'],
  next: 'Revoke the credential that was used: nobody administers a cluster through Tor.',
  // Any call counts. Nearly every event ends at the first comparison, and without a list nothing comes here.
  reads: { verbs: ['*'], resources: ['*'] },
  when: (event: AuditEvent) => listingOf(event.origin.lists, 'tor') !== undefined && isServedOrKnown(event),
  judge: (event) => badReputeVerdict(event, 'tor', 'an exit node of the Tor network'),
});

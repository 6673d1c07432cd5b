import { audit } from '../../detect/kit.ts';
import { wasAuthorised } from '../../knowledge/anonymous.ts';
import { podWrites } from '../../knowledge/pod-changes.ts';
import { askedFor } from '../../knowledge/deed.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';

/** Somebody without a credential makes or changes what runs in the cluster. Strategy: ./ADS.md */
export const anonymousWorkloadWrite = audit.detection({
  id: 'anonymous-workload-write',
  title: 'Workload written without a credential',
  severity: 'critical',
  confidence: 'high',
  attack: ['T1610', 'T1190'],
  rows: ['D003'],
  next: 'Delete what was made, then the binding that allowed it; treat the nodes it ran on as taken over.',
  reads: podWrites,
  // A credential that expired looks like none at all, but is refused with 401: that is not told.
  when: (event: AuditEvent) => event.actor.type === 'anonymous' && event.outcome !== 'unauthenticated',
  judge: (event) => {
    const done = wasAuthorised(event);
    const { resource } = event.target;
    const what = `${askedFor(event)}${event.target.name === '' ? '' : ` (${event.target.name})`}`;
    return {
      entity: event.actor,
      about: `${done ? 'let through' : 'refused'} ${resource}`,
      summary:
        `An unauthenticated client at ${event.origin.address || 'an unknown address'} sent ${shorten(what)}, ` +
        `and the cluster ${done ? 'let it through' : 'refused'}.`,
      ...(done ? {} : { severity: 'low' }),
    };
  },
});

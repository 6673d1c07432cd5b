import { audit } from '../../detect/kit.ts';
import type { AuditEvent } from '../../model/audit.ts';
import { isCreation } from '../../knowledge/pod-changes.ts';
import { spawnerOf, spawnersPeers } from '../../knowledge/spawner.ts';

const limitText = (count: number, limit: number, minutes: number): string =>
  `created ${String(count)} pods in ${String(minutes)} minutes, where ${String(limit)} is the limit`;

/** Pods in five minutes that are many for anybody. */
const ceiling = 60;

/** Pods are created far faster than this creator ever does. Strategy: ./ADS.md */
export const containerSpraying = audit.threshold({
  id: 'container-spraying',
  title: 'Containers created in a burst',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1610', 'T1496.001', 'T1499'],
  rows: ['D063'],
  next: 'Ask the owner of the creator whether this burst was planned; if not, delete the workload, revoke its creator and keep one pod for analysis.',
  reads: { verbs: ['create', 'patch'], resources: ['pods'] },
  when: (event: AuditEvent) => isCreation(event) && event.allowed && !event.dryRun,
  count: { by: (event) => [spawnerOf(event).id], within: spawnersPeers, minutes: 5 },
  limit: { ceiling, profile: { floor: 20, deviations: 6 } },
  judge: (event, { count, limit, minutes, baseline }) => {
    const spawner = spawnerOf(event);
    // Beyond its own habit alone a creator may be having a busy day; so many at once nobody needs without having planned it.
    const severity = count < ceiling ? 'medium' : 'high';
    return { entity: spawner, severity, summary: `${spawner.name} ${limitText(count, limit, minutes)}.`, baseline };
  },
});

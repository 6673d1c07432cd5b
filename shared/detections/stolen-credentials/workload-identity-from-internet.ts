import { audit, seenSet } from '../../detect/kit.ts';
import { callerText, networkUsed } from '../../knowledge/origin.ts';
import type { AuditEvent } from '../../model/audit.ts';

const workloads: ReadonlySet<string> = new Set(['service-account', 'node', 'eks']);

/** A credential that lives inside the cluster is used from the internet. Strategy: ./ADS.md */
export const workloadIdentityFromInternet = audit.detection({
  id: 'workload-identity-from-internet',
  title: 'Identity of a workload or node used from the internet',
  severity: 'high',
  confidence: 'high',
  attack: ['T1528', 'T1550.001', 'T1078.004'],
  rows: ['D008', 'D009'],
  next: 'Check with `aws ec2 describe-network-interfaces` whether the address is yours; if not, delete the pod or node whose credential this is.',
  reads: { verbs: ['*'], resources: ['*'] },
  when: ({ actor, outcome }: AuditEvent) => workloads.has(actor.type) && outcome !== 'unauthenticated',
  novelty: networkUsed,
  memory: {
    // Every call of a workload teaches, so that a cluster whose workloads never left the VPC has an opinion too.
    networks: seenSet({ id: 'workload-identity-network', key: () => [], member: networkUsed, days: 30, warmUpDays: 3 }),
  },
  judge: (event, { networks }) => {
    const network = networkUsed(event);
    if (event.origin.reach !== 'public' || networks.learning || networks.has(network)) return undefined;
    const age = Math.min(networks.age, 30);
    const answer = event.outcome === 'forbidden' ? ' (refused, but the credential was good)' : '';
    return {
      entity: event.actor,
      about: network,
      summary:
        `${callerText(event)} sent ${event.verb} ${event.uri.split('?', 1)[0] ?? ''}${answer}: the address is public, ` +
        `in no named or configured Amazon range, and no workload or node of this cluster called from ${network} in ${String(age)} days.`,
      baseline: {
        'known networks': networks.size,
        'such as': networks.some(5).join(', '),
        'known for days': age,
      },
      // Without a list of Amazon's ranges, a new node's or NAT gateway's own public address looks the same.
      ...(event.actor.type === 'node' ? { confidence: 'medium' } : {}),
    };
  },
});

import { flow } from '../../detect/kit.ts';
import { holderText, isProbe } from '../../knowledge/sender.ts';
import type { FlowEvent } from '../../model/flow.ts';

const tcp = 6;
const udp = 17;

/** One sender tries many ports of one address. Strategy: ./ADS.md */
export const portScan = flow.threshold({
  id: 'port-scan',
  title: 'Many ports of one address tried',
  severity: 'high',
  confidence: 'high',
  attack: ['T1046'],
  rows: ['D135'],
  needs: ['flow:bytes', 'flow:ports'],
  next: 'Isolate the sender with a NetworkPolicy, then look at its exec sessions and image: scanners are started by hand or come with an image.',
  reads: 'all',
  // A port that is spoken to is used, not tried: counting only probes also keeps ordinary traffic free of writes.
  when: (event: FlowEvent) =>
    event.initiator.reach === 'private' && (event.protocol === tcp || event.protocol === udp) && event.port > 0 && isProbe(event),
  count: { by: ({ from, responder }) => [from.entity.id, responder.address], member: ({ port }) => String(port), minutes: 60 },
  limit: { ceiling: 20 },
  judge: ({ from, to, initiator, responder }, { count, limit, minutes, baseline }) => ({
    entity: from.entity,
    about: responder.address,
    summary:
      `${holderText(from, initiator.address)} tried ${String(count)} different ports of ${holderText(to, responder.address)} ` +
      `within ${String(minutes)} minutes, where ${String(limit)} is the limit.`,
    baseline: { ...baseline, limit },
    confidence: from.basis === 'pod' ? 'high' : 'medium',
  }),
});

import { flow, seenSet } from '../../detect/kit.ts';
import { isApiServers } from '../../knowledge/api-server-range.ts';
import { holderText } from '../../knowledge/sender.ts';
import { destinations, rememberedDays, watched } from '../../knowledge/sender-habits.ts';
import type { FlowEvent } from '../../model/flow.ts';

const https = 443;

/** A workload calls the API server that never did. Strategy: ./ADS.md */
export const apiServerContacted = flow.detection({
  id: 'api-server-contacted',
  title: 'Workload calls the API server for the first time',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1613', 'T1528'],
  rows: ['D144'],
  needs: ['flow:ports', 'network:api-server'],
  next: 'Search the audit log for what came from the pod’s address, and ask the owner whether a release talks to the API server now.',
  reads: 'accepted',
  when: (event: FlowEvent) => event.port === https && event.from.basis === 'pod' && isApiServers(event.responder.network),
  novelty: (event) => event.from.entity.id,
  memory: {
    own: destinations,
    watched,
    callers: seenSet({
      id: 'api-server-callers',
      key: ({ from }: FlowEvent) => [from.entity.id],
      member: () => 'api-server',
      days: rememberedDays,
      warmUpDays: 0,
    }),
  },
  judge: ({ from, initiator, responder }, { own, watched: flows, callers }) => {
    if (flows.learning || callers.has('api-server')) return undefined;
    const age = Math.min(own.age, rememberedDays);
    return {
      entity: from.entity,
      summary:
        `${holderText(from, initiator.address)} called the API server at ${responder.address}, ` +
        (own.learning ? 'and is new here.' : `which in ${String(age)} days it never did.`),
      baseline: { 'known for days': age },
      // Controllers that are installed begin so; what has run for long without it had no need.
      severity: own.learning ? 'low' : 'medium',
    };
  },
});

import { flow } from '../../detect/kit.ts';
import { holderText } from '../../knowledge/sender.ts';
import { isSensitivePort, portHabit, portText } from '../../knowledge/service-port.ts';
import { some } from '../../knowledge/shorten.ts';
import type { FlowEvent } from '../../model/flow.ts';

const calledOf = ({ to, responder }: FlowEvent): string => (to.basis === 'pod' ? to.entity.id : responder.network);

/** Traffic takes place that NetworkPolicies forbid: they are not enforced there, or somebody goes round them. Strategy: ./ADS.md */
export const trafficAgainstNetworkPolicy = flow.threshold({
  id: 'traffic-against-network-policy',
  title: 'Traffic that NetworkPolicies forbid got through',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1686'],
  rows: ['D148'],
  needs: ['flow:action', 'flow:ports', 'flow:tcp-flags'],
  next: 'See whether the node of the closed pod enforces policies at all; if it does, isolate the calling pod and look for what was changed on that node.',
  reads: 'accepted',
  when: ({ forbidden }: FlowEvent) => forbidden !== undefined,
  // Where nothing is enforced every minute is another proof: an edge is told once an hour at most.
  count: { by: (event: FlowEvent) => [event.from.entity.id, calledOf(event), portHabit(event)], minutes: 60 },
  limit: { ceiling: 1 },
  judge: (event, { count, minutes }) => {
    const { from, to, initiator, responder, forbidden } = event;
    const policies = some(forbidden?.policies ?? []);
    const caller = holderText(from, initiator.address);
    const callee = `${to.basis === 'interface' ? responder.address : holderText(to, responder.address)} on ${portText(event)}`;
    const edge =
      forbidden?.end === 'initiator'
        ? `${caller} sent to ${callee}, although its egress there is closed by NetworkPolicy ${policies}`
        : `${caller} was answered by ${callee}, whose ingress from there is closed by NetworkPolicy ${policies}`;
    return {
      entity: from.entity,
      // Where a policy is not enforced, all edges that it forbids get through: that is one matter for each caller.
      about: `${forbidden?.end ?? ''} ${[...(forbidden?.policies ?? [])].sort().join(' ')}`,
      summary: `${edge}: ${String(count)} ${count === 1 ? 'conversation' : 'conversations'} within ${String(minutes)} minutes.`,
      baseline: { policies, 'closed end': forbidden?.end ?? '' },
      severity: isSensitivePort(event.port) ? 'high' : 'medium',
    };
  },
});

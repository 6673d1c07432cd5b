import { flow, seenSet } from '../../detect/kit.ts';
import { commandsNode, governedBehind, isNodesOnly } from '../../knowledge/node-ports.ts';
import { holderText } from '../../knowledge/sender.ts';
import { rememberedDays, senderKey, senderName, watched } from '../../knowledge/sender-habits.ts';
import type { Severity } from '../../model/finding.ts';
import type { FlowEvent } from '../../model/flow.ts';

/** What was tried in vain vouches for nothing that gets through. */
const member = ({ port, accepted }: FlowEvent): string => `${String(port)}${accepted ? '' : ' refused'}`;

function severityOf({ from, port, accepted }: FlowEvent): Severity {
  if (from.basis === 'node') return 'low';
  return accepted && commandsNode(port) ? 'high' : 'medium';
}

/** A workload calls a kubelet, a container runtime or SSH on a node. Strategy: ./ADS.md */
export const nodePortCalled = flow.detection({
  id: 'node-port-called',
  title: 'Workload calls what governs a node',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1613', 'T1609'],
  rows: ['D143'],
  needs: ['flow:ports'],
  next: 'Ask whether the workload collects metrics of nodes; if not, isolate it, and look in the node’s kubelet log for what it was told to run.',
  reads: 'all',
  when: (event: FlowEvent) =>
    governedBehind(event.port) !== undefined &&
    event.responder.reach === 'private' &&
    // Nodes try nothing that is refused; what hides behind their address is told where it gets through.
    (event.from.basis === 'pod' || (event.from.basis === 'node' && event.accepted)) &&
    (event.to.basis === 'node' || (event.to.basis === 'interface' && isNodesOnly(event.port))) &&
    event.attempts > 0,
  novelty: (event) => `${senderName(event)} ${member(event)}`,
  memory: { watched, ports: seenSet({ id: 'node-ports', key: senderKey, member, days: rememberedDays, warmUpDays: 0 }) },
  judge: (event, { watched: flows, ports }) => {
    if (flows.learning || ports.has(member(event))) return undefined;
    const { from, to, initiator, responder, port, accepted } = event;
    return {
      entity: from.entity,
      about: member(event),
      summary:
        `${holderText(from, initiator.address)} ${accepted ? 'called' : 'tried to call'} ${holderText(to, responder.address)} on port ${String(port)} ` +
        `(${governedBehind(port) ?? ''}), through which nodes are governed; in ${String(Math.min(flows.age, rememberedDays))} days it never did.`,
      baseline: { 'known ports of nodes': ports.some(5).join(', '), 'known for days': Math.min(flows.age, rememberedDays) },
      severity: severityOf(event),
      confidence: from.basis === 'pod' && to.basis === 'node' ? 'medium' : 'low',
    };
  },
});

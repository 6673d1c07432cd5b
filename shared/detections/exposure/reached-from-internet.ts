import { flow, seenSet } from '../../detect/kit.ts';
import { governedBehind, isServiceOnNode } from '../../knowledge/node-ports.ts';
import { holderText } from '../../knowledge/sender.ts';
import { rememberedDays, watched } from '../../knowledge/sender-habits.ts';
import { isSensitivePort, portHabit, portText } from '../../knowledge/service-port.ts';
import type { Severity } from '../../model/finding.ts';
import type { FlowEvent } from '../../model/flow.ts';

/** Where clients are answered: a packet to such a port belongs to a conversation that began inside. Source: Linux `ip_local_port_range`. */
const firstClientPort = 32_768;
/** Ports that are opened to everybody on purpose. Source: IANA service names and port numbers. */
const web: ReadonlySet<number> = new Set([80, 443, 8080, 8443]);

const isGrave = (port: number): boolean => isSensitivePort(port) || governedBehind(port) !== undefined;

function severityOf({ to, port }: FlowEvent): Severity {
  if (to.basis !== 'pod' && to.basis !== 'node') return 'low';
  if (isGrave(port)) return 'high';
  return to.basis === 'pod' && web.has(port) ? 'low' : 'medium';
}

/** Somebody on the internet reaches a pod or node itself, past every load balancer. Strategy: ./ADS.md */
export const reachedFromInternet = flow.detection({
  id: 'reached-from-internet',
  title: 'Pod or node reached from the internet',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1190', 'T1133'],
  rows: ['D142'],
  needs: ['flow:ports', 'flow:action'],
  next: 'Find the security group rule or Service that lets the internet in, close it if nobody asked for it, and read what answered and what it said.',
  reads: 'accepted',
  when: (event: FlowEvent) =>
    (event.initiator.reach === 'public' || event.initiator.reach === 'aws') &&
    event.responder.reach === 'private' &&
    event.port > 0 &&
    event.port < firstClientPort &&
    // Servers of time ask each other from the port they answer on: there a question cannot be told from an answer.
    event.openedFrom.some((from) => from !== event.port) &&
    // Load balancers and gateways have addresses inside that nobody is known to have, and are there to be reached.
    (event.to.basis === 'pod' || event.to.basis === 'node' || isGrave(event.port)),
  novelty: (event) => `${event.to.basis} ${event.to.entity.id} ${portHabit(event)}`,
  memory: {
    watched,
    doors: seenSet({
      id: 'doors-to-internet',
      key: ({ to }: FlowEvent) => (to.basis === 'node' ? ['node'] : [to.entity.id]),
      member: portHabit,
      days: rememberedDays,
      warmUpDays: 0,
    }),
  },
  judge: (event, { watched: flows, doors }) => {
    const { to, initiator, responder, port } = event;
    const severity = severityOf(event);
    // An open door that leads to data or to the node itself is grave however long it has stood open.
    if (severity !== 'high' && (flows.learning || doors.has(portHabit(event)))) return undefined;
    const service = to.basis === 'node' && isServiceOnNode(port) ? ', where a Service may be open on every node' : '';
    return {
      entity: to.entity,
      about: portHabit(event),
      summary: `${initiator.address} on the internet reached ${holderText(to, responder.address)} on ${portText(event)}${service}; no security group or network ACL refused it.`,
      ...(severity === 'high' ? {} : { baseline: { 'known open ports': doors.some(5).join(', ') } }),
      severity,
      confidence: to.basis === 'pod' || to.basis === 'node' ? 'medium' : 'low',
    };
  },
});

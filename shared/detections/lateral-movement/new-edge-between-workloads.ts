import { flow, seenSet } from '../../detect/kit.ts';
import { holderText } from '../../knowledge/sender.ts';
import { isSensitivePort, portHabit, portText } from '../../knowledge/service-port.ts';
import type { FlowEvent } from '../../model/flow.ts';

const elsewhere = 'elsewhere';
/** A port with this many callers serves everybody: DNS, a mesh, an ingress. One more caller is no news. */
const manyCallers = 5;
/** A caller of this many ports calls everybody: a scraper, an ingress. */
const manyEdges = 60;

const betweenWorkloads = ({ from, to }: FlowEvent): boolean =>
  from.basis === 'pod' && to.basis === 'pod' && from.entity.id !== to.entity.id;
const edge = (event: FlowEvent): string => (betweenWorkloads(event) ? `${event.to.entity.name} ${portHabit(event)}` : elsewhere);

/** A workload calls another workload's port for the first time. Strategy: ./ADS.md */
export const newEdgeBetweenWorkloads = flow.detection({
  id: 'new-edge-between-workloads',
  title: 'Workload talks to a workload it never talked to',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1021', 'T1210'],
  rows: ['D145'],
  next: 'Ask both owners whether a release added this call; if none did, look for an exec or a new image on the calling pod in the hours before.',
  reads: 'accepted',
  when: ({ from }: FlowEvent) => from.basis === 'pod',
  novelty: (event) => `${event.from.entity.id} ${event.to.entity.id} ${edge(event)}`,
  memory: {
    // Whatever a workload sends keeps its memory of age, so that its first call to another workload is judged.
    edges: seenSet({ id: 'workload-edges', key: ({ from }: FlowEvent) => [from.entity.id], member: edge, days: 30, warmUpDays: 3 }),
    callers: seenSet({
      id: 'workload-callers',
      key: (event: FlowEvent) => (betweenWorkloads(event) ? [event.to.entity.id, portHabit(event)] : undefined),
      member: ({ from }: FlowEvent) => from.entity.name,
      days: 30,
      warmUpDays: 3,
    }),
  },
  judge: (event, { edges, callers }) => {
    const { from, to, initiator, responder, port } = event;
    // A workload too young for habits is judged by the habits of the one it calls.
    const known = edges.learning ? callers : edges;
    if (!betweenWorkloads(event) || known.learning || known.has(edges.learning ? from.entity.name : edge(event))) return undefined;
    const sensitive = isSensitivePort(port);
    if (edges.learning && callers.size >= manyCallers) return undefined;
    const common = (callers.size >= manyCallers && !sensitive) || edges.size >= manyEdges;
    const ownNamespace = from.namespace === to.namespace;
    const age = Math.min(known.age, 30);
    const others = edges.size - (edges.has(elsewhere) ? 1 : 0);
    const why = edges.learning
      ? `it is new, and in ${String(age)} days ${callers.size === 1 ? 'one workload' : `${String(callers.size)} workloads`} called that port`
      : `in ${String(age)} days it called ${others === 1 ? 'one port' : `${String(others)} ports`} of others and never this one`;
    return {
      entity: from.entity,
      about: to.entity.id,
      summary: `${holderText(from, initiator.address)} called ${holderText(to, responder.address)} on ${portText(event)}: ${why}.`,
      baseline: {
        'known edges of the caller': others,
        'such as': edges
          .some(6)
          .filter((name) => name !== elsewhere)
          .slice(0, 5)
          .join(', '),
        'known callers of the port': callers.size,
        'known for days': age,
      },
      // A release adds calls within its namespace, and may add the database there; nobody gives it another team's without a word.
      severity: common || (ownNamespace && !sensitive) ? 'low' : ownNamespace || !sensitive ? 'medium' : 'high',
      ...(edges.learning ? { confidence: 'low' } : {}),
    };
  },
});

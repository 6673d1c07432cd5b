import { flow, seenSet } from '../../detect/kit.ts';
import { isPodRange, podRangeOf } from '../../knowledge/pod-range.ts';
import { rememberedDays, watched } from '../../knowledge/sender-habits.ts';
import { holderText } from '../../knowledge/sender.ts';
import { portText } from '../../knowledge/service-port.ts';
import type { FlowEvent } from '../../model/flow.ts';
import { minute } from '../../model/time.ts';

/** What stood there when the watch began, or soon after, are load balancers, endpoints and pods older than the memory. */
const settlingDays = 3;

/** Nearly every sender inside comes by here: one minute in so many is looked at, for who stays for days is met then. */
const sampling = 8;

const isStranger = ({ from }: FlowEvent): boolean => from.basis === 'interface';
/** Where pods live is learnt from pods that send. */
const podRange = (event: FlowEvent): string => (event.from.basis === 'pod' ? podRangeOf(event.initiator) : 'none');

/** For days somebody sends from among the pods, at an address that neither pod nor node is known to have. Strategy: ./ADS.md */
export const unknownPodAddress = flow.detection({
  id: 'unknown-pod-address',
  title: 'Traffic from an address among the pods that is no pod’s',
  severity: 'low',
  confidence: 'low',
  attack: ['T1557'],
  rows: ['D149'],
  next: 'Find the network interface that has the address; if it is none of a pod, node, load balancer or endpoint, find the instance that uses it.',
  reads: 'accepted',
  when: (event: FlowEvent) =>
    (event.time / minute) % sampling === 0 && event.initiator.reach === 'private' && (isStranger(event) || event.from.basis === 'pod'),
  // What is settled is settled for the day.
  novelty: (event) => (isStranger(event) ? event.initiator.address : podRange(event)),
  memory: {
    watched,
    ranges: seenSet({ id: 'pod-ranges', key: () => [], member: podRange, days: rememberedDays, warmUpDays: 0, ofThePlace: true }),
    // The days on which a stranger sent: the audit log may tell of a new pod later than the flow log, but not a day later.
    days: seenSet({
      id: 'strangers-among-pods',
      key: (event: FlowEvent) => (isStranger(event) ? [event.initiator.address] : undefined),
      member: (event: FlowEvent) => String(event.day),
      days: rememberedDays,
      warmUpDays: 0,
    }),
  },
  judge: (event, { watched: flows, ranges, days }) => {
    const { from, to, initiator, responder, day } = event;
    // Told once, on the second day.
    if (!isStranger(event) || days.has(String(day)) || days.size !== 1) return undefined;
    const range = podRangeOf(initiator);
    if (flows.age - days.age < settlingDays || !(isPodRange(range) || ranges.has(range))) return undefined;
    const peer = responder.reach === 'private' ? holderText(to, responder.address) : `${responder.address},`;
    return {
      entity: from.entity,
      summary:
        `${initiator.address} lies in ${range}, where pods live, was first seen ${String(days.age)} ${days.age === 1 ? 'day' : 'days'} ago, and neither pod ` +
        `nor node is known to have had it since. It called ${peer} on ${portText(event)}.`,
      baseline: { 'flows watched for days': Math.min(flows.age, rememberedDays), 'seen for days': days.age },
    };
  },
});

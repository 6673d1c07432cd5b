import { gunzipSync } from 'node:zlib';
import { minute } from '../../shared/model/time.ts';
import { benchmarkAuditPayloads, benchmarkBothLogs, benchmarkFlowPayloads } from '../simulation/benchmark.ts';
import { type DataMessage, subscriptionPayload } from '../simulation/cloudwatch.ts';

/** Lines of one log stream, in the order of their time. */
type Stream = Pick<DataMessage, 'logGroup' | 'logStream' | 'logEvents'>;

/** The pinned mix from a midnight on, by the stream that each line came from. */
export function streamsOf(seed: number, events: number): readonly Stream[] {
  const streams = new Map<string, { logGroup: string; logStream: string; logEvents: DataMessage['logEvents'][number][] }>();
  for (const data of benchmarkAuditPayloads(seed, events, 500)) {
    const { logGroup, logStream, logEvents } = messageIn(data);
    let stream = streams.get(logStream);
    if (stream === undefined) streams.set(logStream, (stream = { logGroup, logStream, logEvents: [] }));
    stream.logEvents.push(...logEvents);
  }
  return [...streams.values()];
}

/** A delivery, and how many bytes of log it stands for. */
export interface Delivery {
  /** `awslogs.data`; absent where the subscription leaves every line out. */
  readonly data: string | undefined;
  readonly events: number;
  readonly bytes: number;
}

/** The streams cut into deliveries of so many lines, which take turns. A line that does not pass is logged and not delivered. */
export function* deliveries(streams: readonly Stream[], perPayload: number, passes: (line: string) => boolean): Iterable<Delivery> {
  const longest = Math.max(...streams.map(({ logEvents }) => logEvents.length));
  for (let at = 0; at < longest; at += perPayload) {
    for (const { logGroup, logStream, logEvents } of streams) {
      const batch = logEvents.slice(at, at + perPayload);
      if (batch.length === 0) continue;
      const sent = batch.filter(({ message }) => passes(message));
      const messages = sent.map(({ message }) => message);
      const times = sent.map(({ timestamp }) => timestamp);
      yield {
        data: sent.length === 0 ? undefined : subscriptionPayload(logGroup, logStream, messages, times),
        events: batch.length,
        bytes: batch.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0),
      };
    }
  }
}

/** Payloads of flow logs of so many lines, of two interfaces that take turns. */
export function flowDeliveries(seed: number, lines: number, perPayload: number): readonly Delivery[] {
  const payloads = benchmarkFlowPayloads(seed, lines, perPayload).map(deliveryOf);
  const half = Math.ceil(payloads.length / 2);
  return payloads.slice(0, half).flatMap((delivery, at) => [delivery, ...payloads.slice(half + at, half + at + 1)]);
}

/** Flow logs come to CloudWatch so long after the traffic. Source: Amazon VPC user guide, "Flow logs basics", aggregation interval. */
const flowsTake = 5 * minute;

/** A delivery of one of two logs, and when it comes. */
export interface TimedDelivery extends Delivery {
  readonly log: 'audit' | 'flow';
  /** Milliseconds since the epoch. */
  readonly comes: number;
}

/** Payloads of both logs of some hours of one cluster, in the order in which they come. */
export function bothDeliveries(seed: number, hours: number, perPayload: number): readonly TimedDelivery[] {
  const { audit, flow } = benchmarkBothLogs(seed, hours, { audit: 50, flow: perPayload });
  return [
    ...audit.map((data): TimedDelivery => ({ ...deliveryOf(data), log: 'audit', comes: lastTime(data) })),
    ...flow.map((data): TimedDelivery => ({ ...deliveryOf(data), log: 'flow', comes: lastTime(data) + flowsTake })),
  ].sort((one, other) => one.comes - other.comes);
}

function deliveryOf(data: string): Delivery {
  const { logEvents } = messageIn(data);
  return { data, events: logEvents.length, bytes: logEvents.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0) };
}

function lastTime(data: string): number {
  return messageIn(data).logEvents.at(-1)?.timestamp ?? 0;
}

function messageIn(data: string): DataMessage {
  return JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString('utf8')) as DataMessage;
}

import { type FlowFormat, flowTimeAt } from '../model/flow-line.ts';

/** When a line's event took place, found without parsing the line; absent where the line does not tell. */
type EventTime = (message: string) => number | undefined;

/** Bytes of whitespace that a pretty-printed file may put around a colon. */
const value = /\s*:\s*"([^"]{10,40})"/y;

/**
 * The server writes its stamps behind the bodies, so the last mention is its own: a `stageTimestamp` inside an object
 * that a client sent comes before.
 */
export const auditEventTime: EventTime = (message) =>
  lastStamp(message, '"stageTimestamp"') ?? lastStamp(message, '"requestReceivedTimestamp"');

/** Before Kubernetes 1.8 an audit event had one `timestamp`, ahead of everything a client sends. Source: kubernetes, audit/v1alpha1. */
export const oldAuditEventTime: EventTime = (message) => firstStamp(message.slice(0, 400), '"timestamp"');

/** CloudTrail writes `eventTime` before anything the caller sent; EventBridge's own `time` serves events of other systems. */
export const apiEventTime: EventTime = (message) => firstStamp(message, '"eventTime"') ?? firstStamp(message, '"time"');

/** The authenticator writes its time first. */
export const authenticatorEventTime: EventTime = (message) => {
  const time = Date.parse(/^time="([^"\\]{10,40})"/.exec(message)?.[1] ?? '');
  return Number.isNaN(time) ? undefined : time;
};

/** Falco writes its alert's time under this name. */
export const falcoEventTime: EventTime = (message) => lastStamp(message.replaceAll('\\"', '"'), '"time"');

/** Every record of the Linux audit system begins with its time, in seconds. */
export const auditdEventTime: EventTime = (message) => {
  const seconds = Number(/\bmsg=audit\((\d{1,11}\.\d{1,3}):/.exec(message)?.[1]);
  return Number.isNaN(seconds) ? undefined : Math.round(seconds * 1_000);
};

/** The `end` of a flow record, else its `start`. */
export function flowEventTime(message: string, format: FlowFormat): number | undefined {
  return flowTimeAt(message, format, 'end') ?? flowTimeAt(message, format, 'start');
}

function lastStamp(message: string, name: string): number | undefined {
  return stampAfter(message, message.lastIndexOf(name), name);
}

function firstStamp(message: string, name: string): number | undefined {
  return stampAfter(message, message.indexOf(name), name);
}

function stampAfter(message: string, at: number, name: string): number | undefined {
  if (at < 0) return undefined;
  value.lastIndex = at + name.length;
  const time = Date.parse(value.exec(message)?.[1] ?? '');
  return Number.isNaN(time) ? undefined : time;
}

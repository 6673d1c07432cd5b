import { gunzipSync } from 'node:zlib';
import type { FlowSource } from '../contract.ts';
import { digest } from '../model/hash.ts';
import { at, list, number, object, parseJson, text } from '../model/json.ts';
import { defaultFlowFormat, type FlowFormat, flowFormatOf } from '../model/flow-line.ts';
import type { LogRecord, Reject, RejectReason, SkipReason } from '../model/record.ts';
import type { Batch } from './batch.ts';

/** Flow-log groups that were enrolled; audit groups are known by their name. */
export type Enrolled = Readonly<Record<string, FlowSource>>;

/** A CloudWatch Logs message inflates about tenfold; a payload is at most 1 MB. Anything larger is not from CloudWatch. */
const largestInflated = 64 * 1024 * 1024;
/** Fewer, larger steps than zlib's default of 16 KB: a quarter faster. */
const inflateStep = 1 << 20;
/** CloudWatch Logs takes events up to 1 MB. Source: CloudWatch Logs quotas. */
const longestLine = 1_048_576 + 1_024;

/**
 * Unwraps `awslogs.data`: base64 of gzip of a `DATA_MESSAGE`. Never throws: what cannot be unwrapped is one rejected
 * record that stands for the payload.
 */
export function decodeSubscription(data: string, region: string, enrolled: Enrolled): Batch {
  const inflated = inflate(data);
  if (typeof inflated !== 'string') return refused(inflated.reject, data, region);
  return decodeMessage(parseJson(inflated), region, enrolled) ?? refused('bad-envelope', data, region);
}

/** The same for a message that is JSON already; absent where it is no CloudWatch Logs message. */
export function decodeMessage(message: unknown, region: string, enrolled: Enrolled): Batch | undefined {
  const envelope = object(message);
  if (envelope?.['messageType'] === 'CONTROL_MESSAGE') return { ...empty(region), skipped: { 'control-message': 1 } };
  if (envelope?.['messageType'] !== 'DATA_MESSAGE' || !Array.isArray(envelope['logEvents'])) return undefined;
  const group = text(envelope['logGroup']) ?? '';
  const stream = text(envelope['logStream']) ?? '';
  const { records, rejects } = recordsOf(list(envelope['logEvents']));
  const place = `${group}:${stream}`;
  const account = text(envelope['owner']) ?? '';

  const flow = enrolled[group];
  if (flow !== undefined) {
    return {
      log: 'flow',
      format: formatOf(flow.format),
      scope: { cluster: flow.cluster, account, region },
      place,
      records,
      rejects,
      skipped: {},
    };
  }
  const cluster = /^\/aws\/eks\/([^/]+)\/cluster$/.exec(group)?.[1];
  const base = { log: 'audit', scope: { cluster: cluster ?? '', account, region }, place } as const;
  if (cluster !== undefined && stream.startsWith('kube-apiserver-audit-')) return { ...base, records, rejects, skipped: {} };
  const otherLog: SkipReason = 'other-log-type';
  if (cluster !== undefined && otherControlPlaneLog.test(stream))
    return { ...base, records: [], rejects, skipped: { [otherLog]: records.length } };
  return {
    ...base,
    records: [],
    rejects: [...rejects, ...records.map((record) => ({ reject: 'foreign-stream' as const, record }))],
    skipped: {},
  };
}

/** Streams that EKS writes beside the audit log. Source: Amazon EKS user guide, "Send control plane logs to CloudWatch Logs". */
const otherControlPlaneLog = /^(?:kube-apiserver|authenticator|kube-controller-manager|cloud-controller-manager|kube-scheduler)-/;

const formats = new Map<string, FlowFormat>();

/** Formats are configuration: few, and used for every payload. */
function formatOf(names: string): FlowFormat {
  let format = formats.get(names);
  if (format === undefined) formats.set(names, (format = flowFormatOf(names || defaultFlowFormat)));
  return format;
}

function inflate(data: string): string | { readonly reject: RejectReason } {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return { reject: 'bad-base64' };
  try {
    return gunzipSync(Buffer.from(data, 'base64'), { maxOutputLength: largestInflated, chunkSize: inflateStep }).toString('utf8');
  } catch (error) {
    return { reject: at(error, 'code') === 'ERR_BUFFER_TOO_LARGE' ? 'inflates-too-large' : 'bad-gzip' };
  }
}

function recordsOf(events: readonly unknown[]): { records: LogRecord[]; rejects: Reject[] } {
  const records: LogRecord[] = [];
  const rejects: Reject[] = [];
  events.forEach((event, position) => {
    const message = text(at(event, 'message'));
    const ingested = number(at(event, 'timestamp'));
    const id = text(at(event, 'id')) ?? `position ${String(position)}`;
    const record: LogRecord = { id, message: message ?? '', ...(ingested === undefined ? {} : { ingested }) };
    if (message === undefined) rejects.push({ reject: 'bad-envelope', record });
    else if (message.length > longestLine) rejects.push({ reject: 'line-too-long', record });
    else records.push(record);
  });
  return { records, rejects };
}

function empty(region: string): Batch {
  return {
    log: 'audit',
    scope: { cluster: '', account: '', region },
    place: 'a CloudWatch Logs subscription',
    records: [],
    rejects: [],
    skipped: {},
  };
}

function refused(reject: RejectReason, data: string, region: string): Batch {
  return { ...empty(region), rejects: [{ reject, record: { id: digest(22, [data]), message: data.slice(0, 1_000) } }] };
}

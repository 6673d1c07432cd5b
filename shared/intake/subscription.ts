import { gunzipSync } from 'node:zlib';
import { type FlowSource, markedKeys, proofOfLife, type SignalSource } from '../contract/logs.ts';
import { digest } from '../model/hash.ts';
import { at, number, object, text } from '../model/json.ts';
import { defaultFlowFormat, type FlowFormat, flowFormatOf } from '../model/flow-line.ts';
import type { LogRecord, Reject, RejectReason } from '../model/record.ts';
import type { Batch } from './batch.ts';
import { type Envelope, envelopeIn, EscapedRecord, openEnvelope } from './envelope.ts';
import { proofTimesIn } from './proofs.ts';

/** Groups of flow logs and signals that were enrolled; audit groups are known by their name. */
export type Enrolled = Readonly<Record<string, FlowSource | SignalSource>>;

/** A CloudWatch Logs message inflates about tenfold; a payload is at most 1 MB. Anything larger is not from CloudWatch. */
const largestInflated = 64 * 1024 * 1024;
/**
 * Bytes inflated at once: all of them, or their pieces are copied together. Gzip ends with their number (source: RFC 1952),
 * which is believed for a payload of the usual density; a wrong one costs steps, and nothing else.
 */
function inflateStep(compressed: Buffer): number {
  const told = compressed.length < 4 ? 0 : compressed.readUInt32LE(compressed.length - 4);
  // One more: a buffer that is exactly full asks for another.
  return Math.max(1 << 14, Math.min(told, compressed.length * usualDensity) + 1);
}
/** Logs inflate ten- to fiftyfold. */
const usualDensity = 50;
/** CloudWatch Logs takes events up to 1 MB. Source: CloudWatch Logs quotas. */
const longestLine = 1_048_576 + 1_024;

/**
 * Unwraps `awslogs.data`: base64 of gzip of a `DATA_MESSAGE`. Never throws: what cannot be unwrapped is one rejected
 * record that stands for the payload; `received` (milliseconds since the epoch) is the only time such a record has, and what proofs of
 * life are held against: without it there are none.
 */
export function decodeSubscription(data: string, region: string, enrolled: Enrolled, received = 0): Batch {
  const inflated = inflate(data);
  if (!Buffer.isBuffer(inflated)) return refused(inflated.reject, data, region, received);
  const envelope = openEnvelope(inflated);
  return (envelope && decodeEnvelope(envelope, region, enrolled, received)) ?? refused('bad-envelope', data, region, received);
}

/** The same for a message that is JSON already; absent where it is no CloudWatch Logs message. */
export function decodeMessage(message: unknown, region: string, enrolled: Enrolled): Batch | undefined {
  const envelope = envelopeIn(message);
  return envelope && decodeEnvelope(envelope, region, enrolled, 0);
}

function decodeEnvelope(envelope: Envelope, region: string, enrolled: Enrolled, received: number): Batch | undefined {
  if (envelope.messageType === 'CONTROL_MESSAGE') return { ...empty(region), skipped: { 'control-message': 1 } };
  if (envelope.messageType !== 'DATA_MESSAGE' || envelope.logEvents === undefined) return undefined;
  const group = text(envelope.logGroup) ?? '';
  const stream = text(envelope.logStream) ?? '';
  const { records, rejects } = recordsOf(envelope.logEvents);
  const place = `${group}:${stream}`;
  const account = text(envelope.owner) ?? '';

  // A group may be called `constructor`.
  const source = Object.hasOwn(enrolled, group) ? enrolled[group] : undefined;
  if (source !== undefined) {
    const base = { scope: { cluster: source.cluster, account, region }, place, records, rejects, skipped: {} };
    if ('format' in source) return { log: 'flow', format: formatOf(source.format), ...base };
    return source.from === 'falco' ? { log: 'falco', ...base } : { log: 'auditd', keys: source.keys ?? markedKeys, ...base };
  }
  const cluster = /^\/aws\/eks\/([^/]+)\/cluster$/.exec(group)?.[1];
  const base = { log: 'audit', scope: { cluster: cluster ?? '', account, region }, place } as const;
  const kind = cluster === undefined ? 'foreign-stream' : kindOfStream(stream);
  if (kind === 'audit' || kind === 'authenticator') return { ...base, log: kind, records, rejects, skipped: {} };
  // Whatever stands in it: nothing of ours is there that could be an event, and nobody else's lines are looked at.
  if (kind === 'proof-of-life')
    return { ...base, records: [], rejects: [], skipped: { [kind]: envelope.logEvents.length }, proofs: proofTimesIn(records, received) };
  if (kind === 'other-log-type') return { ...base, records: [], rejects, skipped: { [kind]: records.length } };
  return { ...base, records: [], rejects: [...rejects, ...records.map((record) => ({ reject: kind, record }))], skipped: {} };
}

/** What a stream of a cluster's log group holds: audit lines count from audit streams only, and the authenticator's from its own. */
export function kindOfStream(stream: string): 'audit' | 'authenticator' | 'proof-of-life' | 'other-log-type' | 'foreign-stream' {
  if (stream.startsWith('kube-apiserver-audit-')) return 'audit';
  if (stream.startsWith('authenticator-')) return 'authenticator';
  if (stream === proofOfLife.stream) return 'proof-of-life';
  return otherControlPlaneLog.test(stream) ? 'other-log-type' : 'foreign-stream';
}

/** Streams that EKS writes beside the audit log. Source: Amazon EKS user guide, "Send control plane logs to CloudWatch Logs". */
const otherControlPlaneLog = /^(?:kube-apiserver|kube-controller-manager|cloud-controller-manager|kube-scheduler)-/;

const formats = new Map<string, FlowFormat>();

/** The format of a list of names. Formats are configuration: few, and used for every payload. */
export function formatOf(names: string): FlowFormat {
  let format = formats.get(names);
  if (format === undefined) formats.set(names, (format = flowFormatOf(names || defaultFlowFormat)));
  return format;
}

function inflate(data: string): Buffer | { readonly reject: RejectReason } {
  const bytes = Buffer.from(data, 'base64');
  // Node passes over what is not base64: then there are fewer bytes than the text stands for.
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  if (data === '' || bytes.length !== Math.floor(((data.length - padding) * 3) / 4)) return { reject: 'bad-base64' };
  try {
    return gunzipSync(bytes, { maxOutputLength: largestInflated, chunkSize: inflateStep(bytes) });
  } catch (error) {
    return { reject: at(error, 'code') === 'ERR_BUFFER_TOO_LARGE' ? 'inflates-too-large' : 'bad-gzip' };
  }
}

function recordsOf(events: readonly unknown[]): { records: LogRecord[]; rejects: Reject[] } {
  const records: LogRecord[] = [];
  const rejects: Reject[] = [];
  for (let position = 0; position < events.length; position += 1) {
    const event = events[position];
    if (event instanceof EscapedRecord) {
      if (event.isLongerThan(longestLine)) rejects.push({ reject: 'line-too-long', record: event });
      else records.push(event);
      continue;
    }
    const fields = object(event);
    const message = text(fields?.['message']);
    const ingested = number(fields?.['timestamp']);
    const id = text(fields?.['id']) ?? `position ${String(position)}`;
    const record: LogRecord = ingested === undefined ? { id, message: message ?? '' } : { id, message: message ?? '', ingested };
    if (message === undefined) rejects.push({ reject: 'bad-envelope', record });
    else if (message.length > longestLine) rejects.push({ reject: 'line-too-long', record });
    else records.push(record);
  }
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

function refused(reject: RejectReason, data: string, region: string, received: number): Batch {
  return { ...empty(region), rejects: [{ reject, record: { id: digest(22, [data]), message: data.slice(0, 1_000), ingested: received } }] };
}

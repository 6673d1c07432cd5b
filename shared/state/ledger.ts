import { destinationOf } from '../model/destination.ts';
import type { Scope } from '../model/base.ts';
import type { Entity, EntityKind, Reach } from '../model/entity.ts';
import type { FlowEvent } from '../model/flow.ts';
import { digest } from '../model/hash.ts';
import { at, list, number, object, parseJson, text, texts } from '../model/json.ts';
import { day, hour } from '../model/time.ts';
import type { Merge, StateDocument, StateItem } from './store.ts';

/**
 * What workloads sent to whom, per hour: one immutable document per payload, named by the payload's lines, so that a
 * redelivered payload writes the same document again. Sums are made when the hour is closed, on a tick.
 */
export interface Volume {
  readonly from: Entity;
  readonly to: string;
  readonly reach: string;
  readonly bytes: number;
  readonly packets: number;
  /** Pods of the sender that took part, as `namespace/name`: some of them, if there are many. */
  readonly pods: readonly string[];
}

/** An hour of one cluster's ledger. */
export interface Bucket {
  readonly scope: Scope;
  /** Milliseconds since the epoch. */
  readonly start: number;
}

export const bucketLength = hour;
const keptDays = 3;
/** Volumes in one document: stays far below the 400 KB of an item. */
const volumesPerDocument = 500;
/** Pods named with a volume: enough to link it to what else they did. */
const mostPods = 5;

/** The item that lists the hours not judged yet. */
export const openBucketsKey = 'ledger-open';
export const openBuckets = 'buckets';

/** The documents of a payload, and the mark that its hours are open. */
export function ledgerEntries(events: readonly FlowEvent[]): { documents: StateDocument[]; marks: Merge[] } {
  const byBucket = new Map<string, { bucket: Bucket; lines: string[]; volumes: Map<string, Volume> }>();
  for (const event of events) {
    // Traffic that leaves is what can carry data off; bytes are counted at the sender.
    if (!event.accepted || event.bytes === 0 || event.initiator.reach !== 'private' || !leaves(event.responder.reach)) continue;
    const bucket: Bucket = { scope: event.scope, start: Math.floor(event.time / bucketLength) * bucketLength };
    const name = bucketName(bucket);
    let entry = byBucket.get(name);
    if (entry === undefined) byBucket.set(name, (entry = { bucket, lines: [], volumes: new Map() }));
    entry.lines.push(`${event.record} ${String(event.bytes)}`);
    addVolume(entry.volumes, {
      from: event.from.entity,
      to: destinationOf(event.responder),
      reach: event.responder.service || event.responder.reach,
      bytes: event.bytes,
      packets: event.packets,
      pods: event.from.basis === 'pod' ? [`${event.from.namespace}/${event.from.pod}`] : [],
    });
  }
  const documents = [...byBucket].flatMap(([name, { bucket, lines, volumes }]) => {
    const all = [...volumes.values()];
    const payload = digest(22, lines.sort());
    return Array.from({ length: Math.ceil(all.length / volumesPerDocument) }, (_, part) => ({
      partition: name,
      sort: `${payload}/${String(part)}`,
      document: JSON.stringify(all.slice(part * volumesPerDocument, (part + 1) * volumesPerDocument)),
      expires: bucket.start + keptDays * day,
    }));
  });
  const last = Math.max(...[...byBucket.values()].map(({ bucket }) => bucket.start));
  const marks =
    byBucket.size === 0
      ? []
      : [{ key: openBucketsKey, sets: { [openBuckets]: [...byBucket.keys()] }, expires: last + keptDays * day, cap: 10_000 }];
  return { documents, marks };
}

/** Sums a bucket's documents per sender and destination. */
export function sumVolumes(documents: readonly StateDocument[]): Volume[] {
  const volumes = new Map<string, Volume>();
  for (const { document } of documents) for (const entry of list(parseJson(document))) addVolume(volumes, readVolume(entry));
  return [...volumes.values()];
}

/** The bucket a name stands for. */
export function bucketOf(name: string): Bucket | undefined {
  const [, account, region, cluster, start] = name.split('\t');
  if (account === undefined || region === undefined || cluster === undefined || start === undefined) return undefined;
  return { scope: { account, region, cluster }, start: Number(start) };
}

/** The names of buckets that ended at or before the watermark. */
export function closedBuckets(item: StateItem | undefined, watermark: number): string[] {
  const names = [...(item?.sets.get(openBuckets) ?? [])];
  return names.filter((name) => (bucketOf(name)?.start ?? Infinity) + bucketLength <= watermark).sort();
}

/** Amazon's own ranges hold S3 and everybody's instances: what goes there leaves as well. */
function leaves(reach: Reach): boolean {
  return reach === 'public' || reach === 'aws';
}

function bucketName({ scope, start }: Bucket): string {
  return ['ledger', scope.account, scope.region, scope.cluster, String(start)].join('\t');
}

function addVolume(volumes: Map<string, Volume>, volume: Volume): void {
  const name = `${volume.from.id}\t${volume.to}`;
  const sum = volumes.get(name);
  if (sum === undefined) volumes.set(name, volume);
  else {
    const pods = [...new Set([...sum.pods, ...volume.pods])].sort().slice(0, mostPods);
    volumes.set(name, { ...sum, bytes: sum.bytes + volume.bytes, packets: sum.packets + volume.packets, pods });
  }
}

function readVolume(value: unknown): Volume {
  const from = object(at(value, 'from'));
  return {
    from: { kind: (text(from?.['kind']) ?? 'address') as EntityKind, id: text(from?.['id']) ?? '', name: text(from?.['name']) ?? '' },
    to: text(at(value, 'to')) ?? '',
    reach: text(at(value, 'reach')) ?? '',
    bytes: number(at(value, 'bytes')) ?? 0,
    packets: number(at(value, 'packets')) ?? 0,
    pods: texts(at(value, 'pods')),
  };
}

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

/** The set, in each of the items of {@link openBucketsKeys}, of marks of the hours not judged yet. */
export const openBuckets = 'buckets';
/** Where the hours are marked that payloads open which came in time: one mark an hour, for it outlives them all. */
const openInTime = 'ledger-open';
/** Where late payloads mark theirs: each with a mark of its own, so they are spread. */
const openLate = Array.from({ length: 16 }, (_, shard) => `ledger-open-late:${String(shard)}`);
/** The items that list the hours not judged yet. */
export const openBucketsKeys: readonly string[] = [openInTime, ...openLate];
const mostMarks = 10_000;

/** A mark that an hour's ledger holds what was not judged. */
export interface OpenMark {
  /** Where it stands, and what it is there. */
  readonly key: string;
  readonly member: string;
  /** The name of the bucket. */
  readonly name: string;
}

/** What a payload writes into the ledger. */
export interface LedgerEntries {
  readonly documents: StateDocument[];
  /** Marks of hours that payloads share: who set one need not set it again. */
  readonly marks: Merge[];
  /** Marks of hours that may have been judged. */
  readonly lateMarks: Merge[];
}

/** A payload's share of an hour. */
interface Share {
  readonly bucket: Bucket;
  readonly lines: string[];
  readonly volumes: Map<string, Volume>;
  late: boolean;
}

/** The documents of a payload, and the marks that its hours are open: to be set once the documents are there. */
export function ledgerEntries(events: readonly FlowEvent[]): LedgerEntries {
  const byBucket = new Map<string, Share>();
  for (const event of events) {
    // Traffic that leaves is what can carry data off; bytes are counted at the sender.
    if (!event.accepted || event.bytes === 0 || event.initiator.reach !== 'private' || !leaves(event.responder.reach)) continue;
    const bucket: Bucket = { scope: event.scope, start: Math.floor(event.time / bucketLength) * bucketLength };
    const name = bucketName(bucket);
    let entry = byBucket.get(name);
    if (entry === undefined) byBucket.set(name, (entry = { bucket, lines: [], volumes: new Map(), late: false }));
    entry.late ||= event.late;
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
  const shares = [...byBucket].map(([name, share]) => ({ ...share, name, payload: digest(22, share.lines.sort()) }));
  const documents = shares.flatMap(({ name, payload, bucket, volumes }) => {
    const all = [...volumes.values()];
    return Array.from({ length: Math.ceil(all.length / volumesPerDocument) }, (_, part) => ({
      partition: name,
      sort: `${payload}/${String(part)}`,
      document: JSON.stringify(all.slice(part * volumesPerDocument, (part + 1) * volumesPerDocument)),
      expires: bucket.start + keptDays * day,
    }));
  });
  const inTime = shares.filter(({ late }) => !late);
  const last = Math.max(...inTime.map(({ bucket }) => bucket.start));
  const marks =
    inTime.length === 0
      ? []
      : [
          markMerge(
            openInTime,
            inTime.map(({ name }) => name),
            last,
          ),
        ];
  return { documents, marks, lateMarks: shares.flatMap(lateMarkOf) };
}

/**
 * A tick that takes a mark away takes those that it read, and reads documents after marks. A mark that is one payload's
 * alone is therefore never taken away by a tick that did not see the payload.
 */
function lateMarkOf({ late, name, payload, bucket }: Share & { readonly name: string; readonly payload: string }): Merge[] {
  const shard = openLate[payload.charCodeAt(0) % openLate.length];
  return late && shard !== undefined ? [markMerge(shard, [`${name}\t${payload}`], bucket.start)] : [];
}

function markMerge(key: string, marks: readonly string[], last: number): Merge {
  return { key, sets: { [openBuckets]: marks }, expires: last + keptDays * day, cap: mostMarks };
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

/** The marks of buckets that ended at or before the watermark, by the name of the bucket. */
export function closedBuckets(items: Iterable<StateItem>, watermark: number): ReadonlyMap<string, readonly OpenMark[]> {
  const marks = [...items].flatMap(({ key, sets }) => [...(sets.get(openBuckets) ?? [])].flatMap((member) => markIn(key, member) ?? []));
  const closed = marks.filter(({ name }) => (bucketOf(name)?.start ?? Infinity) + bucketLength <= watermark);
  return Map.groupBy(
    closed.sort((one, other) => (one.name < other.name ? -1 : 1)),
    ({ name }) => name,
  );
}

function markIn(key: string, member: string): OpenMark | undefined {
  const bucket = bucketOf(member);
  return bucket && { key, member, name: bucketName(bucket) };
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

import type { Scope } from '../model/base.ts';
import type { FlowEvent, FlowGap, FlowReply, Traffic } from '../model/flow.ts';
import { digestOfBytes, hashOf, identifierLength } from '../model/hash.ts';
import { keepShape } from '../model/shapes.ts';
import { day, hour } from '../model/time.ts';
import { encodeShare } from './ledger-codec.ts';
import { PayloadSums } from './ledger-payload.ts';
import type { Merge, StateDocument, StateItem } from './store.ts';

/*
 * What workloads exchanged with whom, per hour: one immutable document per payload, so that a redelivered payload changes
 * nothing. Sums are made when the hour is closed, on a tick.
 */

/** An hour of one cluster's ledger. */
export interface Bucket {
  readonly scope: Scope;
  /** Milliseconds since the epoch. */
  readonly start: number;
}

export const bucketLength = hour;
const keptDays = 3;

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
class Part {
  readonly bucket: Bucket;
  readonly sums = new PayloadSums();
  /** Numbers of all its lines: they, and a line at either end, tell them from those of another payload. */
  readonly numbers: number[] = [];
  first: FlowEvent | undefined;
  last: FlowEvent | undefined;
  late = false;

  constructor(bucket: Bucket) {
    this.bucket = bucket;
  }

  addEvent(event: FlowEvent): void {
    this.sums.addEvent(event);
    this.late ||= event.late;
    this.first ??= event;
    this.last = event;
    this.numbers.push(event.time, event.port, event.bytes, event.packets, event.lines);
  }

  addReply(reply: FlowReply): void {
    this.sums.addReply(reply);
    this.numbers.push(reply.time, reply.initiator.number, reply.responder.number, reply.port, reply.bytes);
  }

  addGap(gap: FlowGap): void {
    this.sums.addGap(gap);
    this.numbers.push(gap.time, hashOf(gap.kind), hashOf(gap.interface));
  }

  /** The name of the document: to write thousands of numbers in digits would take longer than to sum them up. */
  get name(): string {
    const ends = Buffer.from(`${this.first?.record ?? ''}\n${this.last?.record ?? ''}\n`);
    return digestOfBytes(identifierLength, [ends, new Uint8Array(new Float64Array(this.numbers).buffer)]);
  }
}

keepShape('part of a payload', new Part({ scope: { cluster: '', account: '', region: '' }, start: day }));

const noTraffic: Traffic = { events: [], replies: [], gaps: [] };

/**
 * What a payload writes, and the marks that its hours are open: to be set once the documents are there. A document is named by the
 * payload's lines, so that a redelivered payload writes the same one again.
 */
export function ledgerEntries(scope: Scope, { events, replies, gaps }: Traffic = noTraffic): LedgerEntries {
  const parts = new Map<number, Part>();
  let latest: Part | undefined;
  const partAt = (time: number): Part => {
    const start = time - (time % bucketLength);
    if (latest?.bucket.start === start) return latest;
    latest = parts.get(start);
    if (latest === undefined) parts.set(start, (latest = new Part({ scope, start })));
    return latest;
  };
  for (const event of events) partAt(event.time).addEvent(event);
  for (const reply of replies) if (reply.bytes > 0) partAt(reply.time).addReply(reply);
  for (const gap of gaps) partAt(gap.time).addGap(gap);
  return entriesOf([...parts.values()]);
}

function entriesOf(parts: readonly Part[]): LedgerEntries {
  const anyLate = parts.some(({ late }) => late);
  const named = parts
    .filter(({ sums }) => !sums.isEmpty)
    .map((part) => ({
      bucket: part.bucket,
      sums: part.sums,
      // Replies and gaps do not tell when they came: they came with the rest.
      late: part.late || (anyLate && !part.sums.hasCalls),
      name: bucketName(part.bucket),
      payload: part.name,
    }));
  const documents = named.map(({ name, payload, bucket, sums }) => ({
    partition: name,
    sort: payload,
    document: encodeShare(sums.share(), bucket.scope.cluster),
    expires: bucket.start + keptDays * day,
  }));
  const inTime = named.filter(({ late }) => !late);
  const last = Math.max(...inTime.map(({ bucket }) => bucket.start));
  const names = inTime.map(({ name }) => name);
  const marks = names.length === 0 ? [] : [markMerge(openInTime, names, last)];
  return { documents, marks, lateMarks: named.flatMap(lateMarkOf) };
}

/**
 * A tick that takes a mark away takes those that it read, and reads documents after marks. A mark that is one payload's
 * alone is therefore never taken away by a tick that did not see the payload.
 */
function lateMarkOf({ late, name, payload, bucket }: Pick<Part, 'late' | 'name' | 'bucket'> & { readonly payload: string }): Merge[] {
  const shard = openLate[payload.charCodeAt(0) % openLate.length];
  return late && shard !== undefined ? [markMerge(shard, [`${name}\t${payload}`], bucket.start)] : [];
}

function markMerge(key: string, marks: readonly string[], last: number): Merge {
  return { key, sets: { [openBuckets]: marks }, expires: last + keptDays * day, cap: mostMarks };
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

/** The name of a bucket: where its documents stand. */
function bucketName({ scope, start }: Bucket): string {
  return ['ledger', scope.account, scope.region, scope.cluster, String(start)].join('\t');
}

import type { Scope } from '../model/base.ts';
import type { FlowEvent, FlowGap, FlowReply, Traffic } from '../model/flow.ts';
import { digestOfNumbers, hashOf, identifierLength } from '../model/hash.ts';
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
  /** Numbers of all it holds: they, and a line at either end, tell it from the part of another payload. */
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
    this.numbers.push(event.time, event.port, event.bytes);
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
    return digestOfNumbers(identifierLength, this.numbers, `${this.first?.record ?? ''}\n${this.last?.record ?? ''}\n`);
  }
}

const noTraffic: Traffic = { events: [], replies: [], gaps: [] };

/**
 * What a payload writes, and the marks that its hours are open: to be set once the documents are there. A document is named by the
 * payload's lines, so that a redelivered payload writes the same one again.
 */
export function ledgerEntries(scope: Scope, { events, replies, gaps }: Traffic = noTraffic): LedgerEntries {
  const parts = new Parts(scope);
  for (const event of events) parts.at(event.time).addEvent(event);
  for (const reply of replies) if (reply.bytes > 0) parts.at(reply.time).addReply(reply);
  for (const gap of gaps) parts.at(gap.time).addGap(gap);
  return entriesOf(parts.all);
}

/** What a payload says of each hour: nearly always of one, at most of a few. */
class Parts {
  readonly all: Part[] = [];
  private readonly scope: Scope;
  private latest: Part | undefined = undefined;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  at(time: number): Part {
    const start = time - (time % bucketLength);
    if (this.latest?.bucket.start === start) return this.latest;
    this.latest = this.all.find(({ bucket }) => bucket.start === start);
    if (this.latest === undefined) this.all.push((this.latest = new Part({ scope: this.scope, start })));
    return this.latest;
  }
}

const partsOfNothing = new Parts({ cluster: '', account: '', region: '' });
partsOfNothing.at(day);
keepShape('parts of a payload', partsOfNothing);

function entriesOf(parts: readonly Part[]): LedgerEntries {
  const entries: LedgerEntries = { documents: [], marks: [], lateMarks: [] };
  const anyLate = parts.some(({ late }) => late);
  const inTime: string[] = [];
  let last = -Infinity;
  for (const { bucket, sums, late, name: sort } of parts) {
    if (sums.isEmpty) continue;
    const { scope, start } = bucket;
    const partition = bucketName(bucket);
    entries.documents.push({ partition, sort, document: encodeShare(sums.share(), scope.cluster), expires: start + keptDays * day });
    // Replies and gaps do not tell when they came: they came with the rest.
    if (late || (anyLate && !sums.hasCalls)) entries.lateMarks.push(lateMark(partition, sort, start));
    else {
      inTime.push(partition);
      last = Math.max(last, start);
    }
  }
  if (inTime.length > 0) entries.marks.push(markMerge(openInTime, inTime, last));
  return entries;
}

/**
 * A tick that takes a mark away takes those that it read, and reads documents after marks. A mark that is one payload's
 * alone is therefore never taken away by a tick that did not see the payload.
 */
function lateMark(name: string, payload: string, start: number): Merge {
  const shard = openLate[payload.charCodeAt(0) % openLate.length] as string;
  return markMerge(shard, [`${name}\t${payload}`], start);
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
  return `ledger\t${scope.account}\t${scope.region}\t${scope.cluster}\t${String(start)}`;
}

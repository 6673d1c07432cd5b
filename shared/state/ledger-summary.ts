import type { Scope } from '../model/base.ts';
import type { Entity } from '../model/entity.ts';
import { list, parseJson } from '../model/json.ts';
import { Recent } from '../model/recent.ts';
import { day, minute } from '../model/time.ts';
import { type Beats, beatsOf } from './ledger-beats.ts';
import { countOf, destinationFrom, Ends, entityIn, type Telemetry } from './ledger-codec.ts';
import type { HourSums } from './ledger-hour.ts';
import { bytesOf, type Destination, isOthers, isOutside, packetsOf, type Pair, pairKey, senderKey } from './ledger-pair.ts';
import type { StateDocument } from './store.ts';

/*
 * What a tick keeps of an hour it judged: one document per cluster and hour, replaced whole where the hour is judged again. The
 * hours of the last days are what is usual.
 */

/** Days of hours that speak for what is usual: a week and a day, so that what happens once a week has happened before. */
const pastDays = 8;
/** Pairs of an hour that are kept. */
const mostEntries = 2_000;
/** From this share of unlogged minutes on, an hour does not show what is usual. */
const gappyShare = 0.05;

/** What passed between two, or left one. */
export interface Sums {
  /** Bytes and packets of the sender. */
  readonly bytes: number;
  readonly packets: number;
  /** Connections opened or tried, and those refused. */
  readonly attempts: number;
  readonly rejected: number;
  /** Bytes that came back. */
  readonly back: number;
}

/** A pair in an hour that has passed. */
export interface PastEntry extends Sums {
  readonly start: number;
  readonly from: Entity;
  readonly to: Destination;
  readonly protocol: number;
  readonly port: number;
  readonly beats: Beats;
  /** Whether the hour shows what is usual: nothing grave was told of the pair, and the log had no gaps. */
  readonly teaches: boolean;
}

/** An hour that has passed. */
export interface PastHour {
  readonly start: number;
  readonly entries: readonly PastEntry[];
  /** Share of minutes of interfaces that were not logged. */
  readonly unlogged: number;
}

/** The sums of a pair. */
export function sumsOf(pair: Pair): Sums {
  const { attempts, rejected, back } = pair;
  return { bytes: bytesOf(pair), packets: packetsOf(pair), attempts, rejected, back };
}

/** Of objects that stand for the same the first. */
function theOne<T>(known: Map<string, T>, key: string, one: T): T {
  const first = known.get(key) ?? one;
  known.set(key, first);
  return first;
}

/** The share of minutes of interfaces that were not logged. */
export function unloggedShare({ logged, skipped }: Telemetry): number {
  const missed = [...skipped.values()].reduce((sum, minutes) => sum + minutes.size, 0);
  return missed === 0 ? 0 : missed / (missed + logged);
}

/** Where the hours of a cluster stand that were judged. */
export function pastPartition({ account, region, cluster }: Scope): string {
  return ['ledger-past', account, region, cluster].join('\t');
}

/** What is kept of an hour: of the pairs those that leave first, then those that carry most. `untaught` are keys of pairs that something grave was told of. */
export function summaryDocument(scope: Scope, start: number, { pairs, telemetry }: HourSums, untaught: ReadonlySet<string>): StateDocument {
  const rows = pairs
    .filter((pair) => !isOthers(pair))
    .map((pair) => ({ pair, key: pairKey(pair), sums: sumsOf(pair), beats: isOutside(pair.to) ? beatsOf(pair, start) : noBeats }))
    .sort(
      (one, other) =>
        Number(isOutside(other.pair.to)) - Number(isOutside(one.pair.to)) ||
        other.sums.bytes - one.sums.bytes ||
        (one.key < other.key ? -1 : 1),
    )
    .slice(0, mostEntries)
    .map((row) => ({ ...row, teaches: !untaught.has(row.key) }));
  const ends = new Ends(scope.cluster);
  const senders = new Map<string, Entity>();
  const destinations = new Map<string, Destination>();
  const entries = rows.map(({ pair, sums, beats, teaches }) => [
    ends.sender(theOne(senders, `${senderKey(pair.from)}\t${pair.from.name}`, pair.from)),
    ends.destination(theOne(destinations, `${pair.to.kind} ${pair.to.name}\t${pair.to.reach}`, pair.to)),
    ...[pair.protocol, pair.port],
    ...[sums.bytes, sums.packets, sums.attempts, sums.rejected, sums.back, Number(teaches)],
    ...[
      Math.round(beats.bytes),
      Math.round(beats.away),
      beats.small.map((at) => at - start / minute),
      beats.busy.map((at) => at - start / minute),
    ],
  ]);
  const document = JSON.stringify([Math.round(unloggedShare(telemetry) * perMillion), ends.all, entries]);
  return { partition: pastPartition(scope), sort: String(start), document, expires: start + (pastDays + 1) * day };
}

const perMillion = 1_000_000;

const noBeats: Beats = { small: [], busy: [], bytes: 0, away: 0 };

/** Hours that were read before: a replay asks for the same ones every hour. */
const known = new Recent<{ readonly document: string; readonly hour: PastHour }>(400);

/** The hours of the days before a time, the oldest first. */
export function hoursBefore(documents: readonly StateDocument[], { cluster }: Scope, time: number): readonly PastHour[] {
  return documents
    .filter(({ sort }) => Number(sort) < time && Number(sort) >= time - pastDays * day)
    .map((document) => readHour(document, cluster))
    .sort((one, other) => one.start - other.start);
}

function readHour({ partition, sort, document }: StateDocument, cluster: string): PastHour {
  const name = `${partition} ${sort}`;
  const before = known.get(name);
  if (before?.document === document) return before.hour;
  const hour = hourIn(document, Number(sort), cluster);
  known.set(name, { document, hour });
  return hour;
}

function hourIn(document: string, start: number, cluster: string): PastHour {
  const [perMillionUnlogged, ends, rows] = list(parseJson(document));
  const unlogged = countOf(perMillionUnlogged) / perMillion;
  const known = list(ends).map(list);
  return { start, unlogged, entries: list(rows).map((row) => entryIn(list(row), known, { start, cluster, shows: unlogged < gappyShare })) };
}

function entryIn(
  row: readonly unknown[],
  ends: readonly (readonly unknown[])[],
  { start, cluster, shows }: { readonly start: number; readonly cluster: string; readonly shows: boolean },
): PastEntry {
  const [from, to, protocol, port, bytes, packets, attempts, rejected, back, teaches, beat, away] = row.map(countOf);
  const minutes = (value: unknown): readonly number[] => list(value).map((at) => start / minute + (countOf(at) % 60));
  return {
    start,
    from: entityIn(ends[from ?? 0] ?? [], cluster),
    to: destinationFrom(ends[to ?? 0] ?? []),
    protocol: protocol ?? 0,
    port: port ?? 0,
    bytes: bytes ?? 0,
    packets: packets ?? 0,
    attempts: attempts ?? 0,
    rejected: rejected ?? 0,
    back: back ?? 0,
    teaches: teaches === 1 && shows,
    beats: { small: minutes(row[12]), busy: minutes(row[13]), bytes: beat ?? 0, away: away ?? 0 },
  };
}

import type { Scope } from '../model/base.ts';
import type { Entity } from '../model/entity.ts';
import { list } from '../model/json.ts';
import { Recent } from '../model/recent.ts';
import { day } from '../model/time.ts';
import { ByteReader, ByteWriter } from './ledger-bytes.ts';
import { type Beats, beatsOf, minutesIn, minutesText } from './ledger-beats.ts';
import {
  column,
  destinationFrom,
  destinationText,
  entityIn,
  entityText,
  packed,
  type Telemetry,
  textsIn,
  unpacked,
} from './ledger-codec.ts';
import type { HourSums } from './ledger-hour.ts';
import { bytesOf, type Destination, isOthers, isOutside, packetsOf, type Pair, pairKey } from './ledger-pair.ts';
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
  const numbers = new ByteWriter();
  numbers.counts([Math.round(unloggedShare(telemetry) * perMillion), rows.length]);
  for (const [, of] of columnsOfRow) numbers.counts(rows.map(of));
  const texts = [
    column(rows.map(({ pair }) => entityText(pair.from, scope.cluster))),
    column(rows.map(({ pair }) => destinationText(pair.to))),
    column(rows.map(({ beats }) => minutesText(beats.small, start))),
    column(rows.map(({ beats }) => minutesText(beats.busy, start))),
  ];
  const document = packed(texts, numbers.take());
  return { partition: pastPartition(scope), sort: String(start), document, expires: start + (pastDays + 1) * day };
}

/** A row of the document. */
interface Row {
  readonly pair: Pair;
  readonly sums: Sums;
  readonly beats: Beats;
  readonly teaches: boolean;
}

/** The numbers of a row, column by column. */
const columnsOfRow = [
  ['protocol', ({ pair }: Row) => pair.protocol],
  ['port', ({ pair }: Row) => pair.port],
  ['bytes', ({ sums }: Row) => sums.bytes],
  ['packets', ({ sums }: Row) => sums.packets],
  ['attempts', ({ sums }: Row) => sums.attempts],
  ['rejected', ({ sums }: Row) => sums.rejected],
  ['back', ({ sums }: Row) => sums.back],
  ['teaches', ({ teaches }: Row) => Number(teaches)],
  ['beat', ({ beats }: Row) => Math.round(beats.bytes)],
  ['away', ({ beats }: Row) => Math.round(beats.away)],
] as const;

type Column = (typeof columnsOfRow)[number][0];

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
  const { texts, bytes } = unpacked(document);
  const [from = [], to = [], small = [], busy = []] = list(texts).map((each) => textsIn(each));
  const numbers = new ByteReader(bytes);
  const unlogged = numbers.count() / perMillion;
  const rows = numbers.count();
  const columns = new Map<Column, readonly number[]>(columnsOfRow.map(([name]) => [name, numbers.counts(rows)]));
  const at = (name: Column, row: number): number => columns.get(name)?.[row] ?? 0;
  const entries = from.slice(0, rows).map((sender, row): PastEntry => ({
    start,
    from: entityIn(sender, cluster),
    to: destinationFrom(to[row]),
    protocol: at('protocol', row),
    port: at('port', row),
    bytes: at('bytes', row),
    packets: at('packets', row),
    attempts: at('attempts', row),
    rejected: at('rejected', row),
    back: at('back', row),
    teaches: at('teaches', row) === 1 && unlogged < gappyShare,
    beats: {
      small: minutesIn(small[row] ?? '', start),
      busy: minutesIn(busy[row] ?? '', start),
      bytes: at('beat', row),
      away: at('away', row),
    },
  }));
  return { start, entries, unlogged };
}

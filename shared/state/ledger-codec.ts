import type { Entity, EntityKind } from '../model/entity.ts';
import { entityKinds } from '../model/entity.ts';
import { list, number, parseJson, text } from '../model/json.ts';
import { keepShape } from '../model/shapes.ts';
import { addMinute, type Destination, emptyPair, type Pair, type PairToWrite } from './ledger-pair.ts';

/*
 * Documents of the ledger are many: a table of ends, each written once, and rows of numbers, which deflate to some twenty
 * bytes a pair.
 */

/** What one payload says of one hour. */
export interface Share {
  readonly pairs: readonly Pair[];
  readonly telemetry: Telemetry;
}

/** The same as it is written. */
export interface ShareToWrite {
  readonly pairs: readonly PairToWrite[];
  readonly telemetry: Telemetry;
}

/** How well interfaces were logged. */
export interface Telemetry {
  /** Minutes of interfaces in which traffic was logged. */
  readonly logged: number;
  /** Minutes of interfaces in which there was none. */
  readonly quiet: number;
  /** Interfaces whose traffic was not all logged, and in which minutes of the hour. */
  readonly skipped: ReadonlyMap<string, ReadonlySet<number>>;
}

/** A share as the text of a document. */
export function encodeShare({ pairs, telemetry }: ShareToWrite, cluster: string): string {
  const ends = new Ends(cluster);
  const rows: Row[] = [];
  for (const pair of pairs) rows.push(rowOf(pair, ends.sender(pair.from), ends.destination(pair.to)));
  const skipped = [...telemetry.skipped].map(([name, minutes]) => [name, ...minutes]);
  return JSON.stringify([ends.all, rows, [telemetry.logged, telemetry.quiet, skipped]]);
}

type Row = (number | string | readonly number[])[];

function rowOf({ protocol, port, attempts, rejected, back, minutes, pods }: PairToWrite, from: number, to: number): Row {
  const row: Row = [from, to, protocol, port, attempts, rejected, back, minutes];
  return pods.size === 0 ? row : [...row, ...pods.keys()];
}

/** The share that a document holds: whatever in it makes no sense is left out. */
export function decodeShare(document: string, cluster: string): Share {
  const [ends, rows, telemetry] = list(parseJson(document));
  const known = list(ends).map(list);
  const [logged, quiet, skipped] = list(telemetry);
  return {
    pairs: list(rows).map((row) => pairIn(list(row), known, cluster)),
    telemetry: { logged: countOf(logged), quiet: countOf(quiet), skipped: new Map(list(skipped).map((entry) => skipIn(list(entry)))) },
  };
}

function pairIn(row: readonly unknown[], ends: readonly (readonly unknown[])[], cluster: string): Pair {
  const [from, to, protocol, port, attempts, rejected, back, minutes, ...pods] = row;
  const pair = emptyPair({
    from: entityIn(ends[countOf(from)] ?? [], cluster),
    to: destinationFrom(ends[countOf(to)] ?? []),
    protocol: countOf(protocol),
    port: countOf(port),
  });
  pair.attempts = countOf(attempts);
  pair.rejected = countOf(rejected);
  pair.back = countOf(back);
  const sums = list(minutes).map(countOf);
  for (let at = 0; at + 2 < sums.length; at += 3) addMinute(pair, (sums[at] ?? 0) % 60, sums[at + 1] ?? 0, sums[at + 2] ?? 0);
  for (const pod of pods) pair.pods.set(text(pod) ?? '', 1);
  return pair;
}

function skipIn([name, ...minutes]: readonly unknown[]): [string, ReadonlySet<number>] {
  return [text(name) ?? '', new Set(minutes.map((each) => countOf(each) % 60))];
}

/** A count; 0 for what is none. */
export function countOf(value: unknown): number {
  const known = number(value) ?? 0;
  return known >= 0 && known <= Number.MAX_SAFE_INTEGER ? Math.floor(known) : 0;
}

/** Senders and destinations of a document, each object written once: kind, name, and what does not follow from them. */
export class Ends {
  readonly all: (readonly string[])[] = [];
  private readonly places = new Map<Entity | Destination, number>();
  private readonly cluster: string;

  constructor(cluster: string) {
    this.cluster = cluster;
  }

  sender(sender: Entity): number {
    return this.places.get(sender) ?? this.place(sender, this.senderText(sender));
  }

  destination(destination: Destination): number {
    return this.places.get(destination) ?? this.place(destination, [destination.kind, destination.name, destination.reach]);
  }

  private senderText({ kind, id, name }: Entity): readonly string[] {
    if (id === name) return [kind, name];
    return id === `${this.cluster}/${name}` ? [kind, name, inCluster] : [kind, name, '', id];
  }

  private place(end: Entity | Destination, text: readonly string[]): number {
    const place = this.all.push(text) - 1;
    this.places.set(end, place);
    return place;
  }
}

keepShape('ends of a document', new Ends(''));

/** Stands for an id that is the name in its cluster. */
const inCluster = '*';

/** The entity of an end. */
export function entityIn([kind, name, where, id]: readonly unknown[], cluster: string): Entity {
  const called = text(name) ?? '';
  return { kind: kindOf(kind), id: where === inCluster ? `${cluster}/${called}` : (text(id) ?? called), name: called };
}

/** The destination of an end. */
export function destinationFrom([kind, name, reach]: readonly unknown[]): Destination {
  return { kind: kind === 'network' ? kind : kindOf(kind), name: text(name) ?? '', reach: text(reach) ?? '' };
}

function kindOf(kind: unknown): EntityKind {
  return entityKinds.find((one) => one === kind) ?? 'address';
}

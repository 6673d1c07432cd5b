import type { Scope } from '../../model/base.ts';
import { digest } from '../../model/hash.ts';
import { at, list, number, object, parseJson, text } from '../../model/json.ts';
import { day, hour } from '../../model/time.ts';
import type { StateDocument } from '../store.ts';
import type { Fact, Labels } from './facts.ts';

/**
 * How facts are kept: packed by time. What one payload tells is one immutable document among those of its stretch of
 * time; on ticks, the documents of a stretch that is over are folded into a snapshot of all that is known.
 */

/** Facts are gathered by so long a stretch before they are folded. */
const stretchLength = 4 * hour;
/** Documents of a stretch outlive their folding, for a process that began before it. */
const changesKept = 2 * day;
/** A snapshot outlives a log that is silent for so long. */
const snapshotKept = 30 * day;
/** Facts in one document: stays far below the 400 KB of an item. */
const mostFacts = 4_000;
/** Digits of a moment, so that texts sort as moments do. */
const momentDigits = 15;

/** A stretch of one cluster's time. */
export interface Stretch {
  readonly scope: Scope;
  /** Its number since the epoch. */
  readonly number: number;
}

/** The number of the stretch that a moment lies in. */
export function stretchOf(time: number): number {
  return Math.floor(time / stretchLength);
}

/** The moment at which a stretch is over. */
export function endOfStretch(stretch: number): number {
  return (stretch + 1) * stretchLength;
}

/** Where the documents of a stretch stand, in the order of the newest moment in each. */
export function changesPartition({ scope, number: stretch }: Stretch): string {
  return ['graph-changes', scope.account, scope.region, scope.cluster, String(stretch)].join('\t');
}

/** Where the snapshot stands that includes a stretch and all before it. */
export function snapshotPartition({ scope, number: stretch }: Stretch): string {
  return ['graph', scope.account, scope.region, scope.cluster, String(stretch)].join('\t');
}

/** The first place in a stretch at which documents of a moment, or later, stand. */
export function placeOf(time: number): string {
  return String(Math.max(0, time)).padStart(momentDigits, '0');
}

/** What a payload's facts are written as: all under the moment of the newest, so that a reader who goes on finds them. */
export function changesOf(
  scope: Scope,
  facts: readonly Fact[],
  newest: number,
): { readonly stretch: Stretch; readonly documents: StateDocument[] } {
  const stretch = { scope, number: stretchOf(newest) };
  const expires = endOfStretch(stretch.number) + changesKept;
  const documents = inParts(facts).map((part) => {
    const document = JSON.stringify(part);
    return { partition: changesPartition(stretch), sort: `${placeOf(newest)}/${digest(16, [document])}`, document, expires };
  });
  return { stretch, documents };
}

/** The documents of a snapshot; the moment of the work that makes it lets a younger one stand. */
export function snapshotOf(stretch: Stretch, facts: Iterable<Fact>, generation: number): StateDocument[] {
  return inParts([...facts]).map((part, position) => ({
    partition: snapshotPartition(stretch),
    sort: String(position),
    document: JSON.stringify(part),
    expires: endOfStretch(stretch.number) + snapshotKept,
    generation,
  }));
}

function inParts(facts: readonly Fact[]): Fact[][] {
  return Array.from({ length: Math.ceil(facts.length / mostFacts) }, (_, part) => facts.slice(part * mostFacts, (part + 1) * mostFacts));
}

/** The facts in a document; those that cannot be read are left out. */
export function factsIn({ document }: StateDocument): Fact[] {
  return list(parseJson(document)).flatMap((value) => factIn(value) ?? []);
}

function factIn(value: unknown): Fact | undefined {
  const time = number(at(value, 'time'));
  if (time === undefined) return undefined;
  const word = (name: string): string => text(at(value, name)) ?? '';
  const uid = word('uid');
  const node = word('node');
  const address = word('address');
  switch (at(value, 'kind')) {
    case 'pod':
      return {
        ...{ kind: 'pod', uid, time, namespace: word('namespace'), name: word('name') },
        ...{ owner: word('owner'), ownerName: word('ownerName'), serviceAccount: word('serviceAccount'), role: word('role') },
      };
    case 'labels':
      return { kind: 'labels', uid, time, ...labelsIn(at(value, 'labels')) };
    case 'placed':
      return { kind: 'placed', uid, time, node };
    case 'pod-address':
      return { kind: 'pod-address', uid, time, address };
    case 'pod-ended':
      return { kind: 'pod-ended', uid, time };
    case 'node-address':
      return { kind: 'node-address', node, time, address };
    case 'node-instance':
      return { kind: 'node-instance', node, time, instance: word('instance') };
    case 'node-ended':
      return { kind: 'node-ended', node, time };
    default:
      return undefined;
  }
}

function labelsIn(value: unknown): { readonly labels?: Labels } {
  const labels = object(value);
  return labels === undefined || !Object.values(labels).every((label) => typeof label === 'string') ? {} : { labels: labels as Labels };
}

import type { FlowEvent, FlowGap, FlowReply } from '../model/flow.ts';
import { hour, minute } from '../model/time.ts';
import type { Share } from './ledger-codec.ts';
import {
  addEvent,
  addPair,
  bytesOf,
  emptyPair,
  isCounted,
  isOutside,
  mainPods,
  otherPairs,
  type Pair,
  pairKey,
  pairOf,
} from './ledger-pair.ts';

/** Pairs of one payload that are kept apart. The rest is one pair: a scan of every port must not fill the table. */
const mostPairs = 400;

/** Sums what one payload says of one hour. */
export class PayloadSums {
  /** Whether it holds any line of a call, counted or not. */
  hasCalls = false;
  private readonly pairs = new Map<string, Pair>();
  private readonly logged = new Map<string, Set<number>>();
  private readonly skipped = new Map<string, Set<number>>();
  private quiet = 0;

  get isEmpty(): boolean {
    return this.pairs.size + this.skipped.size + this.quiet === 0;
  }

  addEvent(event: FlowEvent): void {
    this.hasCalls = true;
    const minutes = this.logged.get(event.interface);
    if (minutes === undefined) this.logged.set(event.interface, new Set([event.time]));
    else minutes.add(event.time);
    if (!isCounted(event)) return;
    addEvent(this.pairFor(event), event);
  }

  addReply(reply: FlowReply): void {
    if (reply.initiator.reach === 'private') this.pairFor(reply).back += reply.bytes;
  }

  addGap({ kind, interface: name, time }: FlowGap): void {
    if (kind === 'flow-no-data') this.quiet += 1;
    else this.skipped.set(name, (this.skipped.get(name) ?? new Set()).add(Math.floor((time % hour) / minute)));
  }

  share(): Share {
    for (const pair of this.pairs.values()) keepOnePod(pair);
    const logged = [...this.logged.values()].reduce((sum, { size }) => sum + size, 0);
    return { pairs: bounded([...this.pairs.values()]), telemetry: { logged, quiet: this.quiet, skipped: this.skipped } };
  }

  private pairFor(traffic: FlowEvent | FlowReply): Pair {
    const own = pairOf(traffic);
    const key = pairKey(own);
    let pair = this.pairs.get(key);
    if (pair === undefined) this.pairs.set(key, (pair = emptyPair(own)));
    return pair;
  }
}

/** Inside, what carries less is not worth the names of pods: they are what deflates worst. */
const weighty = 1024 ** 2;

/** A document names the pod that sent most; over the documents of an hour there are several. */
function keepOnePod(pair: Pair): void {
  const isWorth = isOutside(pair.to) || pair.rejected > 0 || bytesOf(pair) + pair.back >= weighty;
  const kept = isWorth ? mainPods(pair, 1) : [];
  pair.pods.clear();
  for (const [pod, weight] of kept) pair.pods.set(pod, weight);
}

/** As many pairs as are kept apart, and one for the rest: kept are those that leave, then those that carry most. */
function bounded(pairs: readonly Pair[]): readonly Pair[] {
  if (pairs.length <= mostPairs) return pairs;
  const inOrder = pairs
    .map((pair) => ({ pair, outside: isOutside(pair.to), bytes: bytesOf(pair), key: pairKey(pair) }))
    .sort((one, other) => Number(other.outside) - Number(one.outside) || other.bytes - one.bytes || (one.key < other.key ? -1 : 1))
    .map(({ pair }) => pair);
  const rest = emptyPair({ ...otherPairs, protocol: 0, port: 0 });
  for (const pair of inOrder.slice(mostPairs)) addPair(rest, pair);
  rest.pods.clear();
  return [...inOrder.slice(0, mostPairs), rest];
}

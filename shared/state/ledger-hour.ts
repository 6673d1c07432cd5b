import { decodeShare, type Telemetry } from './ledger-codec.ts';
import { addPair, emptyPair, otherPairs, type Pair, pairKey } from './ledger-pair.ts';
import type { StateDocument } from './store.ts';

/** Pairs of one hour that are kept apart: beyond it memory would grow with what somebody invents. */
const mostPairs = 50_000;

/** What all payloads say of one hour. */
export interface HourSums {
  readonly pairs: readonly Pair[];
  readonly telemetry: Telemetry;
}

/** Sums an hour's documents. What came back joins the pair that it belongs to, whatever payload either came in; without one it makes nothing. */
export function sumHour(documents: readonly StateDocument[], cluster: string): HourSums {
  const pairs = new Map<string, Pair>();
  const conversations = new Map<number, Pair>();
  const astray = new Map<number, number>();
  const skipped = new Map<string, Set<number>>();
  let logged = 0;
  let quiet = 0;
  for (const { document } of [...documents].sort((one, other) => (one.sort < other.sort ? -1 : 1))) {
    const share = decodeShare(document, cluster);
    for (const pair of share.pairs) {
      const sum = sumFor(pairs, pair);
      addPair(sum, pair);
      for (const conversation of pair.conversations) conversations.set(conversation, sum);
    }
    for (const [conversation, bytes] of share.astray) astray.set(conversation, (astray.get(conversation) ?? 0) + bytes);
    logged += share.telemetry.logged;
    quiet += share.telemetry.quiet;
    for (const [name, minutes] of share.telemetry.skipped) skipped.set(name, new Set([...(skipped.get(name) ?? []), ...minutes]));
  }
  for (const [conversation, bytes] of astray) {
    const pair = conversations.get(conversation);
    if (pair !== undefined) pair.back += bytes;
  }
  return { pairs: [...pairs.values()], telemetry: { logged, quiet, skipped } };
}

function sumFor(pairs: Map<string, Pair>, pair: Pair): Pair {
  const full = pairs.size >= mostPairs;
  const key = pairKey(pair);
  const known = pairs.get(key);
  if (known !== undefined) return known;
  const own = full ? { ...otherPairs, protocol: 0, port: 0 } : pair;
  const sum = pairs.get(pairKey(own)) ?? emptyPair(own);
  pairs.set(pairKey(own), sum);
  return sum;
}

import { decodeShare, type Telemetry } from './ledger-codec.ts';
import { addPair, emptyPair, otherPairs, type Pair, pairKey, wasCalled } from './ledger-pair.ts';
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
  const skipped = new Map<string, Set<number>>();
  let logged = 0;
  let quiet = 0;
  for (const { document } of [...documents].sort((one, other) => (one.sort < other.sort ? -1 : 1))) {
    const share = decodeShare(document, cluster);
    for (const pair of share.pairs) addPair(sumFor(pairs, pair), pair);
    logged += share.telemetry.logged;
    quiet += share.telemetry.quiet;
    for (const [name, minutes] of share.telemetry.skipped) skipped.set(name, new Set([...(skipped.get(name) ?? []), ...minutes]));
  }
  return { pairs: [...pairs.values()].filter(wasCalled), telemetry: { logged, quiet, skipped } };
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

import { inParallel } from '../shared/adapters/effort.ts';
import type { Span } from '../shared/history/span.ts';
import { asDelivered, type Cut, cut, type Origin, type StoredLine } from '../shared/intake/cutting.ts';
import { minute } from '../shared/model/time.ts';

/** What catching up reaches. */
export interface CatchUpPorts {
  readonly within: (span: Span) => Promise<readonly StoredLine[]>;
  /** Hands a payload to the function that judges it; throws where that failed. */
  readonly handOver: (event: unknown) => Promise<void>;
  readonly now: () => number;
}

/** How far it came. */
export interface Progress {
  /** Everything before is done. */
  readonly until: number;
  readonly lines: number;
  readonly payloads: number;
}

const atOnce = 4;

/**
 * Reads a gap minute by minute and hands its lines over. A minute is the same lines whenever it is read, so that it is cut the
 * same: what is handed over twice is judged once. Stops at the first minute that fails.
 */
export async function* catchUp(origin: Origin, { from, to }: Span, { within, handOver, now }: CatchUpPorts): AsyncGenerator<Progress> {
  let [lines, payloads] = [0, 0];
  for (let start = from; start < to; start += minute) {
    const cuts: readonly Cut[] = cut(await within({ from: start, to: start + minute }), origin, now());
    await inParallel(cuts, atOnce, (each) => handOver(asDelivered(each)));
    lines += cuts.reduce((sum, each) => sum + each.lines, 0);
    payloads += cuts.length;
    yield { until: start + minute, lines, payloads };
  }
}

import { noFindings } from '../shared/adapters/memory-findings.ts';
import { catalogue } from '../shared/detect/registry.ts';
import { Allowance } from '../shared/history/allowance.ts';
import { batchesOf } from '../shared/history/batches.ts';
import { type Estimate, estimateOf, type LogGroup } from '../shared/history/estimate.ts';
import { questionsFor, teachable } from '../shared/history/questions.ts';
import { type Gap, type HistoryLog, HistoryReading, type Piece } from '../shared/history/reading.ts';
import { scanCost } from '../shared/knowledge/prices.ts';
import type { Finding } from '../shared/model/finding.ts';
import { siteOf } from '../shared/model/site.ts';
import { Pipeline } from '../shared/pipeline.ts';
import { recompute } from '../shared/state/recompute.ts';
import type { StateStore } from '../shared/state/store.ts';
import type { BootstrapOptions } from './bootstrap-options.ts';
import { Tally } from './tally.ts';
import { UsageError } from './usage-error.ts';

const { whole, habits } = questionsFor(catalogue);
const questions = [whole, habits];

/** What a bootstrap came to. */
export interface Bootstrapped {
  readonly estimate: Estimate;
  readonly scanned: number;
  /** US dollars, from the bytes that were scanned. */
  readonly cost: number;
  readonly tally: Tally;
  readonly gaps: readonly Gap[];
  /** What grave signatures matched: listed, and not learnt. */
  readonly history: readonly Finding[];
  /** Counters whose usual counts are known now. */
  readonly profiles: number;
}

/** What reading a group's history is expected to cost. Throws {@link UsageError} where that is more than the budget. */
export function affordable(group: LogGroup, { span, budget }: Pick<BootstrapOptions, 'span' | 'budget'>): Estimate {
  const estimate = estimateOf(group, span, questions.length);
  if (estimate.dollars > budget)
    throw new UsageError(
      `reading this history is estimated at $${estimate.dollars.toFixed(2)}, above the budget of $${budget.toFixed(2)}: ` +
        'raise --budget or read fewer --days',
    );
  return estimate;
}

/** Learns from the history of a log group as from the log: the very pipeline, in its mode for history. */
export async function bootstrap(
  { group, log, state }: { readonly group: LogGroup; readonly log: HistoryLog; readonly state: StateStore },
  { cluster, span, budget, site }: Pick<BootstrapOptions, 'cluster' | 'span' | 'budget' | 'site'>,
  onPiece: (piece: Piece) => Promise<void> = () => Promise.resolve(),
): Promise<Bootstrapped> {
  const estimate = affordable(group, { span, budget });
  const scope = { cluster, account: group.account, region: group.region };
  const allowance = new Allowance(budget / scanCost(1, group.region), estimate.rate);
  const pipeline = new Pipeline(teachable(catalogue), { state, findings: noFindings, site: siteOf(site) });
  const tally = new Tally();
  const gaps: Gap[] = [];
  const history = new Map<string, Finding>();
  for await (const piece of new HistoryReading(log, questions, allowance).pieces(span)) {
    for (const batch of batchesOf(piece.lines, scope, group.name)) {
      const { fates, findings } = await pipeline.analyse(batch, 'history');
      tally.add(batch, fates);
      for (const finding of findings) history.set(finding.id, finding);
    }
    gaps.push(...piece.gaps);
    await onPiece(piece);
  }
  const { profiles } = await recompute(catalogue, span.to, state);
  const { scanned } = allowance;
  return { estimate, scanned, cost: scanCost(scanned, group.region), tally, gaps, history: [...history.values()], profiles };
}

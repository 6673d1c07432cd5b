import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { flowFormat } from '../../shared/contract/logs.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { decodeSubscription } from '../../shared/intake/subscription.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { changesOf } from '../../shared/state/entity-graph/documents.ts';
import { markOf } from '../../shared/state/entity-graph/marks.ts';
import { spreadFacts, spreadFlowPayloads } from '../simulation/spread-flow.ts';
import { median } from './median.ts';

/**
 * What a flow line costs where 10 000 workloads are known, against 100: the same lines a minute, with the pods of all of them in the
 * entity graph. In the first pass over the lines everything is new and learnt; the second is what a day is made of.
 */

const seed = 20260310;
const lines = 50_000;
const rounds = 3;
const most = 1.5;
const scope = { cluster: 'quay', account: '111122223333', region: 'eu-central-1' };
const enrolled = { '/vpc/quay/flow': { cluster: scope.cluster, format: flowFormat } };
const site = siteOf({ networks: { vpc: ['10.0.0.0/8'] } });

/** CPU microseconds a line, while all is new and once it is known. */
async function costsOf(workloads: number, payloads: readonly string[]): Promise<readonly number[]> {
  const state = new MemoryState();
  const facts = spreadFacts(workloads);
  const { stretch, documents } = changesOf(scope, facts, Math.max(...facts.map(({ time }) => time)));
  await state.put(documents);
  await state.merge([markOf(stretch)]);
  const pipeline = new Pipeline(catalogue, { state, findings: new MemoryFindings(), site });
  const costs: number[] = [];
  for (const pass of ['learning', 'steady']) {
    globalThis.gc?.();
    const before = process.cpuUsage();
    for (const data of payloads) {
      const { attribution } = await pipeline.analyse(decodeSubscription(data, scope.region, enrolled));
      if (attribution === undefined || attribution.named < attribution.asked) throw new Error(`${pass}: the graph does not know a sender`);
    }
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / lines);
  }
  return costs;
}

/** Prints what a line costs among few and among many, and the ratio. */
export async function compareWorkloads(): Promise<void> {
  const cases = [100, 10_000].map((workloads) => ({
    workloads,
    payloads: spreadFlowPayloads(seed, lines, 500, workloads),
    spent: [] as (readonly number[])[],
  }));
  for (let round = 0; round <= rounds; round += 1)
    for (const { workloads, payloads, spent } of cases) {
      const costs = await costsOf(workloads, payloads);
      // The first round compiles.
      if (round > 0) spent.push(costs);
    }
  for (const [pass, name] of ['learning', 'steady'].entries()) {
    const [few = NaN, many = NaN] = cases.map(({ spent }) => median(spent.map((costs) => costs[pass] ?? NaN)));
    const ratio = many / few;
    const verdict = name === 'steady' ? ` (bar at most ${String(most)}: ${ratio <= most ? 'met' : 'MISSED'})` : '';
    console.log(
      `flow, time per line, ${name.padEnd(12)} 100 workloads ${few.toFixed(2)} µs   10 000 workloads ${many.toFixed(2)} µs   ratio ${ratio.toFixed(2)}${verdict}, median of ${String(rounds)} rounds`,
    );
  }
}

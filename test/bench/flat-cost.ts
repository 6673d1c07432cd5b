import { cpus } from 'node:os';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { Registered } from '../../shared/detect/finding.ts';
import type { Detection } from '../../shared/detect/kit.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { decodeSubscription } from '../../shared/intake/subscription.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { benchmarkAuditPayloads } from '../simulation/benchmark.ts';
import { median } from './median.ts';

/**
 * Whether time per audit event grows with the catalogue. Nine more copies of every detection on the audit log and the
 * AWS API read what no event is; both catalogues see the same events, in turns.
 */

const seed = 20260310;
const events = 20_000;
const rounds = 7;
const copies = 9;
const bar = 1.3;
const site = siteOf({ networks: { vpc: ['10.0.0.0/8'] } });

/** Many keys a copy, as its original has: what a copy reads is of its own. */
function copyOf({ strategy, detection }: Registered<Detection>, number: number): Registered<Detection>[] {
  if (detection.shape !== 'detection' && detection.shape !== 'threshold') return [];
  if (detection.source !== 'audit' && detection.source !== 'api') return [];
  const own = `synthetic-${String(number)}`;
  const reads = detection.reads.map((_, at) =>
    detection.source === 'audit' ? `${own} ${detection.id}-${String(at)}` : `${own}:${detection.id}-${String(at)}`,
  );
  return [{ strategy, detection: { ...detection, id: `${detection.id}-${own}`, reads } }];
}

const tenfold = [
  ...catalogue,
  ...Array.from({ length: copies }, (_, number) => catalogue.flatMap((registered) => copyOf(registered, number))).flat(),
];

/** CPU seconds and findings of a process that learns and remembers from nothing. */
async function measured(detections: readonly Registered<Detection>[], payloads: readonly string[]): Promise<[number, number]> {
  const pipeline = new Pipeline(detections, { state: new MemoryState(), findings: new MemoryFindings(), site });
  globalThis.gc?.();
  const before = process.cpuUsage();
  let findings = 0;
  for (const data of payloads) findings += (await pipeline.analyse(decodeSubscription(data, 'eu-central-1', {}))).findings.length;
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1e6, findings];
}

console.log(
  `machine: ${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; CPU seconds, ${String(rounds)} alternating rounds, seed ${String(seed)}`,
);
const payloads = benchmarkAuditPayloads(seed, events, 500);
// The first round warms the compiler up and counts for neither.
await measured(catalogue, payloads);
await measured(tenfold, payloads);
const times: { one: number; ten: number }[] = [];
for (let round = 0; round < rounds; round += 1) {
  // Who goes second finds a larger heap: they take turns at that too.
  const tenFirst = round % 2 === 1;
  const early = await measured(tenFirst ? tenfold : catalogue, payloads);
  const later = await measured(tenFirst ? catalogue : tenfold, payloads);
  if (early[1] !== later[1]) throw new Error(`the copies found something: ${String(early[1])} and ${String(later[1])} findings`);
  times.push(tenFirst ? { one: later[0], ten: early[0] } : { one: early[0], ten: later[0] });
}
const perEvent = (seconds: number): string => `${((seconds / events) * 1e6).toFixed(1)} µs`;
const ratio = median(times.map(({ one, ten }) => ten / one));
console.log(`${String(catalogue.length)} detections: ${perEvent(median(times.map(({ one }) => one)))} an audit event`);
console.log(`${String(tenfold.length)} detections: ${perEvent(median(times.map(({ ten }) => ten)))} an audit event`);
console.log(`ratio ${ratio.toFixed(2)} (bar ${String(bar)}: ${ratio <= bar ? 'met' : 'MISSED'})`);
process.exitCode = ratio <= bar ? 0 : 1;

import { cpus } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { flowFormat } from '../../shared/contract.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { decodeSubscription } from '../../shared/intake/subscription.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { benchmarkAudit, benchmarkAuditPayloads, benchmarkFlow, benchmarkFlowPayloads } from '../simulation/benchmark.ts';
import { describeAudit, describeFlow } from '../simulation/describe.ts';
import { median } from './median.ts';

/**
 * The full pipeline, from base64 to findings stored, against the floor: what any program in this language must do to
 * see the fields at all. Both run in this process, in turns; the ratio is what counts.
 */

const seed = 20260310;
const events = 100_000;
const rounds = 7;
const region = 'eu-central-1';
const enrolled = { '/vpc/quay/flow': { cluster: 'quay', format: flowFormat } };
const site = siteOf({ networks: { vpc: ['10.0.0.0/8'] } });

interface Envelope {
  readonly logEvents: readonly { readonly message: string }[];
}

function openEnvelope(data: string): Envelope {
  return JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString('utf8')) as Envelope;
}

/** Inflates with defaults, parses the envelope and every message. */
function auditFloor(payloads: readonly string[]): number {
  let seen = 0;
  for (const data of payloads) for (const { message } of openEnvelope(data).logEvents) if (JSON.parse(message) !== null) seen += 1;
  return seen;
}

/** Inflates with defaults, parses the envelope and splits every line. */
function flowFloor(payloads: readonly string[]): number {
  let seen = 0;
  for (const data of payloads) for (const { message } of openEnvelope(data).logEvents) if (message.split(' ').length > 1) seen += 1;
  return seen;
}

/** Everything: a process of its own, so each round learns and remembers from nothing. */
async function pipeline(payloads: readonly string[]): Promise<{ lines: number; findings: number }> {
  const process = new Pipeline(catalogue, { state: new MemoryState(), findings: new MemoryFindings(), site });
  let lines = 0;
  let findings = 0;
  for (const data of payloads) {
    const { fates, findings: found } = await process.analyse(decodeSubscription(data, region, enrolled));
    const counts = [fates.judged, fates.repeated, ...Object.values(fates.skipped), ...Object.values(fates.rejected)];
    lines += counts.reduce((sum, count) => sum + count, 0);
    findings += found.length;
  }
  return { lines, findings };
}

async function timed<T>(run: () => T | Promise<T>): Promise<{ seconds: number; result: T }> {
  globalThis.gc?.();
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, result };
}

async function compare(
  name: string,
  payloads: readonly string[],
  floor: (payloads: readonly string[]) => number,
  bar: number,
): Promise<void> {
  const floors: number[] = [];
  const ours: number[] = [];
  let last = { lines: 0, findings: 0 };
  for (let round = 0; round < rounds; round += 1) {
    floors.push((await timed(() => floor(payloads))).seconds);
    const { seconds, result } = await timed(() => pipeline(payloads));
    ours.push(seconds);
    last = result;
  }
  const [floorRate, ourRate] = [floors, ours].map((seconds) => last.lines / median(seconds)) as [number, number];
  const ratio = ourRate / floorRate;
  console.log(
    `${name.padEnd(34)} floor ${floorRate.toFixed(0).padStart(8)}/s   pipeline ${ourRate.toFixed(0).padStart(8)}/s   ratio ${ratio.toFixed(2)} (bar ${String(bar)}: ${ratio >= bar ? 'met' : 'MISSED'})   ${String(last.lines)} lines, ${String(last.findings)} findings`,
  );
}

console.log(
  `machine: ${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; CPU seconds, median of ${String(rounds)} alternating rounds, seed ${String(seed)}`,
);
console.log('audit mix:', JSON.stringify(describeAudit(benchmarkAudit(seed, events))));
console.log('flow mix: ', JSON.stringify(describeFlow(benchmarkFlow(seed, events))));
for (const size of [60, 500])
  await compare(`audit, payloads of ${String(size)}`, benchmarkAuditPayloads(seed, events, size), auditFloor, 0.6);
for (const size of [60, 500]) await compare(`flow, payloads of ${String(size)}`, benchmarkFlowPayloads(seed, events, size), flowFloor, 0.5);

// Only now: what bundles functions is large, and would be in the way of what is measured above.
const { measureBundles } = await import('./bundles.ts');
await measureBundles();

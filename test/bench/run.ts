import { cpus } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { flowFormat } from '../../shared/contract/logs.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { decodeSubscription } from '../../shared/intake/subscription.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { benchmarkAudit, benchmarkAuditPayloads, benchmarkFlow, benchmarkFlowPayloads } from '../simulation/benchmark.ts';
import { describeAudit, describeFlow } from '../simulation/describe.ts';
import { Random } from '../simulation/random.ts';
import { median } from './median.ts';
import { compareWorkloads } from './workloads.ts';

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

/** A deployed process has one pipeline as long as it lives, a round its own: this one stays, or a collection between rounds would forget the code compiled for any. */
const standing = new Pipeline(catalogue, { state: new MemoryState(), findings: new MemoryFindings(), site });

/** Everything: a process of its own, so each round learns and remembers from nothing. */
async function pipeline(payloads: readonly string[]): Promise<{ lines: number; findings: number; aside: number }> {
  const process = new Pipeline(catalogue, { state: new MemoryState(), findings: new MemoryFindings(), site });
  const sum = { lines: 0, findings: 0, aside: 0 };
  for (const data of payloads) {
    const { fates, findings } = await process.analyse(decodeSubscription(data, region, enrolled));
    const counts = [fates.judged, fates.repeated, ...Object.values(fates.skipped), ...Object.values(fates.rejected)];
    sum.lines += counts.reduce((all, count) => all + count, 0);
    sum.findings += findings.length;
    sum.aside += (fates.skipped.routine ?? 0) + (fates.skipped['request-received'] ?? 0);
  }
  return sum;
}

/** Which lines of the mix a process puts aside that reads it from the beginning. */
async function coveredByRoutines(): Promise<readonly boolean[]> {
  const process = new Pipeline(catalogue, { state: new MemoryState(), findings: new MemoryFindings(), site });
  const scope = { cluster: 'quay', account: '111122223333', region };
  const covered: boolean[] = [];
  for (const message of benchmarkAudit(seed, events)) {
    const record = { id: String(covered.length), message };
    const { fates } = await process.analyse({ log: 'audit', scope, place: 'bench', records: [record], rejects: [], skipped: {} });
    covered.push(fates.skipped.routine === 1 || fates.skipped['request-received'] === 1);
  }
  return covered;
}

/** Keeps all that is covered, and as much of the rest, evenly, as makes its share. */
function thinnedTo(share: number, covered: readonly boolean[]): (position: number) => boolean {
  const sure = covered.filter(Boolean).length;
  const kept = Math.min(1, (sure * share) / (1 - share) / (covered.length - sure));
  const random = new Random(`bench/${String(seed)}`);
  const keeps = covered.map((isCovered) => isCovered || random.chance(kept));
  return (position) => keeps[position] === true;
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
  bar?: number,
): Promise<void> {
  const floors: number[] = [];
  const ours: number[] = [];
  let last = { lines: 0, findings: 0, aside: 0 };
  for (const data of payloads.slice(0, 1)) await standing.analyse(decodeSubscription(data, region, enrolled));
  for (let round = 0; round < rounds; round += 1) {
    floors.push((await timed(() => floor(payloads))).seconds);
    const { seconds, result } = await timed(() => pipeline(payloads));
    ours.push(seconds);
    last = result;
  }
  const [floorRate, ourRate] = [floors, ours].map((seconds) => last.lines / median(seconds)) as [number, number];
  const ratio = ourRate / floorRate;
  const verdict = bar === undefined ? '' : ` (bar ${String(bar)}: ${ratio >= bar ? 'met' : 'MISSED'})`;
  const read = last.aside === 0 ? '' : `, ${((100 * (last.lines - last.aside)) / last.lines).toFixed(1)} % read further than their head`;
  console.log(
    `${name.padEnd(34)} floor ${floorRate.toFixed(0).padStart(8)}/s   pipeline ${ourRate.toFixed(0).padStart(8)}/s   ratio ${ratio.toFixed(2)}${verdict}   ${String(last.lines)} lines${read}, ${String(last.findings)} findings`,
  );
}

/** A part alone, by its name. */
const [part] = process.argv.slice(2);

async function compareAudit(): Promise<void> {
  console.log('audit mix:', JSON.stringify(describeAudit(benchmarkAudit(seed, events))));
  for (const size of [60, 500])
    await compare(`audit, payloads of ${String(size)}`, benchmarkAuditPayloads(seed, events, size), auditFloor, 0.85);
  // The same mix with fewer of the lines that a routine does not cover.
  const covered = await coveredByRoutines();
  for (const [share, bar] of [[0.3, 1.1], [0.2], [0.1, 1.5], [0.05]] as const)
    await compare(
      `audit, ${String(100 * share)} % to be read, of 500`,
      benchmarkAuditPayloads(seed, events, 500, thinnedTo(share, covered)),
      auditFloor,
      bar,
    );
}

async function compareFlow(): Promise<void> {
  console.log('flow mix: ', JSON.stringify(describeFlow(benchmarkFlow(seed, events))));
  for (const size of [60, 500]) await compare(`flow, payloads of ${String(size)}`, benchmarkFlowPayloads(seed, events, size), flowFloor, 1);
}

console.log(
  `machine: ${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; CPU seconds, median of ${String(rounds)} alternating rounds, seed ${String(seed)}`,
);
if (part === undefined || part === 'audit') await compareAudit();
if (part === undefined || part === 'flow') await compareFlow();
if (part === undefined || part === 'workloads') await compareWorkloads();

// Only now: what bundles functions is large, and would be in the way of what is measured above.
if (part === undefined || part === 'bundles') {
  const { measureBundles } = await import('./bundles.ts');
  await measureBundles();
}

import { MemoryFindings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { Registered } from '../../shared/detect/finding.ts';
import type { Detection } from '../../shared/detect/kit.ts';
import { type KnownFile, peekFile } from '../../shared/intake/files.ts';
import { mergeFiles } from '../../shared/intake/merging.ts';
import { type Hints, Scopes } from '../../shared/intake/scopes.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { defaultFlowFormat, flowFormatOf } from '../../shared/model/flow-line.ts';
import { type KnownSite, siteOf } from '../../shared/model/site.ts';
import { type Mode, Pipeline } from '../../shared/pipeline.ts';
import { account } from '../simulation/identity.ts';

/** A file that is in memory only. */
export interface Text {
  readonly path: string;
  readonly text: string;
}

/** What is replayed: files that are learnt from, then files that arrive together, one arrival after the other. */
export interface Replayed {
  readonly learnt: readonly Text[];
  readonly arrivals: readonly (readonly Text[])[];
  readonly site?: KnownSite;
  /** What was learnt before all this. */
  readonly remembered?: MemoryState;
}

export interface Result {
  readonly findings: readonly Finding[];
  readonly records: number;
  readonly rejects: readonly string[];
  readonly faults: readonly string[];
  readonly state: MemoryState;
}

/** Replays files as the terminal does, through the same recognition, merging and pipeline. */
export async function replay(
  catalogue: readonly Registered<Detection>[],
  { learnt, arrivals, site = {}, remembered }: Replayed,
): Promise<Result> {
  const state = remembered === undefined ? new MemoryState() : await copyOf(remembered);
  const all = await Promise.all([learnt, ...arrivals].map(recognised));
  const scopes = new Scopes([harbour, ...all.flat().map(({ hints }) => hints)], 'harbour');
  const findings: Finding[] = [];
  const rejects: string[] = [];
  const faults: string[] = [];
  let records = 0;
  const ports = { state, findings: new MemoryFindings(), site: siteOf({ ...site, networks: { vpc: ['10.0.0.0/16'], ...site.networks } }) };
  const live = new Pipeline(catalogue, ports);
  for (const [at, files] of all.entries()) {
    if (files.length === 0) continue;
    const mode: Mode = at === 0 ? 'history' : 'live';
    const pipeline = mode === 'live' ? live : new Pipeline(catalogue, { ...ports, findings: silent });
    for await (const step of mergeFiles(files, flowFormat, scopes)) {
      if ('tick' in step) {
        const closed = await pipeline.tick(step.tick, mode);
        if (mode === 'live') findings.push(...closed.findings);
        faults.push(...closed.faults.map(({ detection, reason }) => `${detection}: ${reason}`));
        continue;
      }
      const report = await pipeline.analyse(step.batch, mode);
      if (mode === 'history') continue;
      records += step.batch.records.length;
      findings.push(...report.findings);
      rejects.push(...report.rejects.map(({ reject }) => reject));
      faults.push(...report.faults.map(({ detection, reason }) => `${detection}: ${reason}`));
    }
  }
  return { findings, records, rejects, faults, state };
}

const flowFormat = flowFormatOf(defaultFlowFormat);

/** What a deployment knows of its cluster: what was learnt and what arrives must agree on it. */
const harbour: Hints = {
  clusters: new Set(['harbour']),
  owners: new Map([['harbour', account]]),
  accounts: [{ rank: -1, value: account }],
  regions: [{ rank: -1, value: 'eu-central-1' }],
};

const silent = { record: () => Promise.resolve() };

async function recognised(texts: readonly Text[]): Promise<KnownFile[]> {
  return Promise.all(
    texts.map(async ({ path, text }) => {
      const file = await peekFile({ path, open: () => once(Buffer.from(text)) }, flowFormat);
      if (file === undefined) throw new Error(`${path}: not a log that is read here`);
      return file;
    }),
  );
}

// eslint-disable-next-line @typescript-eslint/require-await -- a file in memory is read at once
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function copyOf(state: MemoryState): Promise<MemoryState> {
  const copy = new MemoryState();
  for (const entry of state.dump()) {
    if ('merge' in entry) await copy.merge([entry.merge]);
    else await copy.put([entry.document]);
  }
  return copy;
}

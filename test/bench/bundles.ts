import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { environment } from '../../shared/contract/environment.ts';
import { metrics } from '../../shared/contract/metrics.ts';
import { entryOf } from '../../infra/bundle.ts';
import { bundlingOptions } from '../support/bundling.ts';
import { median } from './median.ts';

/**
 * What Lambda loads: the size of each function's bundle, and the time that a fresh process takes to import it, next to one
 * that imports nothing. Processes take turns, so that whatever else the machine does falls on all of them.
 */

const rounds = 11;
const functions = join(import.meta.dirname, '../../functions');

/** Files of `functions/` that Lambda invokes; the others are parts of them. */
const names = readdirSync(functions)
  .filter((file) => /^export const handler\b/m.test(readFileSync(join(functions, file), 'utf8')))
  .map((file) => file.replace(/\.ts$/, ''))
  .sort();

interface Bundle {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly gzipped: number;
}

async function bundle(name: string, folder: string): Promise<Bundle> {
  const file = join(folder, `${name}.mjs`);
  await build({ ...bundlingOptions(), entryPoints: [entryOf(name)], outfile: file });
  const content = readFileSync(file);
  return { name, file, bytes: content.length, gzipped: gzipSync(content).length };
}

/** What a function finds in its environment; nothing is called while it is imported. */
function lambdaEnvironment(name: string): Record<string, string> {
  return {
    AWS_REGION: 'eu-central-1',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_SESSION_TOKEN: 'session',
    POWERTOOLS_METRICS_NAMESPACE: metrics.namespace,
    POWERTOOLS_SERVICE_NAME: name,
    ...Object.fromEntries(Object.values(environment).map((variable) => [variable, '{}'])),
  };
}

function millisecondsOf(words: readonly string[], env: Record<string, string>): number {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { env, encoding: 'utf8' });
  const spent = performance.now() - begun;
  if (status !== 0) throw new Error(`node ${words.join(' ')} failed: ${stderr}`);
  return spent;
}

/** Prints, for each function, what its bundle weighs and what a cold start spends on importing it. */
export async function measureBundles(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bundles-'));
  try {
    const bundles = await Promise.all(names.map((name) => bundle(name, folder)));
    const bare: number[] = [];
    const imports = new Map(bundles.map(({ name }) => [name, [] as number[]]));
    for (let round = 0; round < rounds; round += 1) {
      bare.push(millisecondsOf(['-e', '0'], lambdaEnvironment('none')));
      for (const { name, file } of bundles) imports.get(name)?.push(millisecondsOf([file], lambdaEnvironment(name)));
    }
    const idle = median(bare);
    console.log(`bundles: cold import, median of ${String(rounds)} interleaved processes; a bare node takes ${idle.toFixed(0)} ms`);
    for (const { name, bytes, gzipped } of bundles) {
      const taken = median(imports.get(name) ?? []);
      const sizes = [bytes, gzipped].map((size) => `${(size / 1_000).toFixed(0).padStart(6)} kB`);
      console.log(
        `${name.padEnd(34)} ${sizes.join(', gzip ')}   ${taken.toFixed(0).padStart(5)} ms, ${(taken - idle).toFixed(0).padStart(4)} ms of it ours`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

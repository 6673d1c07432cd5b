import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { catalogue } from '../../shared/detect/registry.ts';
import { isClaimed, Judge } from '../evasion/judging.ts';
import { variants } from '../evasion/variants.ts';
import { Random } from '../simulation/random.ts';
import { root } from './importers.ts';
import { type Mutant, mutantsOf } from './mutants.ts';

/**
 * Changes one thing in the detections and their knowledge at a time, and counts how often samples, variants of
 * attacks and look-alikes notice. `--all` takes minutes to hours; a sample of 200 takes some minutes.
 */

const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    workers: { type: 'string', default: '2' },
  },
});
/** A mutant that runs longer runs forever. */
const longest = 120_000;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function finders(): Promise<(readonly [string, readonly string[]])[]> {
  const judge = new Judge(catalogue);
  const found: (readonly [string, readonly string[]])[] = [];
  for (const variant of variants)
    if (isClaimed(variant.attack, catalogue)) found.push([variant.name, (await judge.fateOf(variant)).finders]);
  return found;
}

interface Verdict {
  readonly mutant: Mutant;
  readonly killer: string;
}

/** One worker judging mutants from the queue until it is empty; a worker that hangs is replaced. */
async function drain(queue: Mutant[], workerData: unknown, verdicts: Verdict[]): Promise<void> {
  let worker = start(workerData);
  for (let mutant = queue.pop(); mutant !== undefined; mutant = queue.pop()) {
    const answer = await ask(worker, mutant);
    if (answer === undefined) {
      await worker.terminate();
      worker = start(workerData);
    }
    verdicts.push({ mutant, killer: answer ?? 'does not end' });
    if (process.stderr.isTTY) process.stderr.write(`\r${String(verdicts.length)} of ${String(chosen.length)}`);
  }
  await worker.terminate();
}

function start(workerData: unknown): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { workerData });
}

function ask(worker: Worker, mutant: Mutant): Promise<string | undefined> {
  return new Promise((resolve) => {
    const done = (answer: string | undefined): void => {
      clearTimeout(timer);
      worker.off('message', done);
      worker.off('error', failed);
      resolve(answer);
    };
    const failed = (): void => {
      done(undefined);
    };
    const timer = setTimeout(failed, longest);
    worker.on('message', done);
    worker.on('error', failed);
    worker.postMessage(mutant);
  });
}

const files = globSync('shared/{detections,knowledge}/**/*.ts', { cwd: root })
  .filter((file) => file.includes(values.only))
  .sort();
const all = files.flatMap((file) => mutantsOf(file, readFileSync(join(root, file), 'utf8')));
const chosen = values.all ? all : new Random(`mutation/${values.seed}`).shuffled(all).slice(0, Number(values.sample));
print(`${String(chosen.length)} of ${String(all.length)} mutants of ${String(files.length)} files`);

const verdicts: Verdict[] = [];
const known = await finders();
const queue = [...chosen];
await Promise.all(Array.from({ length: Number(values.workers) }, () => drain(queue, known, verdicts)));

for (const file of files) {
  const own = verdicts.filter(({ mutant }) => mutant.file === file);
  if (own.length === 0) continue;
  const survivors = own.filter(({ killer }) => killer === '');
  print(`${String(own.length - survivors.length).padStart(4)} of ${String(own.length).padStart(3)} killed  ${file}`);
  for (const { mutant } of survivors) print(`      survived  line ${String(mutant.line)}: ${mutant.what}`);
}
const killed = verdicts.filter(({ killer }) => killer !== '').length;
const by = ['sample', 'variant', 'look-alike', 'does not', 'throws', 'ends'].map(
  (word) => `${word} ${String(verdicts.filter(({ killer }) => killer.startsWith(word)).length)}`,
);
print(
  `\n${String(killed)} of ${String(verdicts.length)} killed (${by.join(', ')}): ${((100 * killed) / Math.max(1, verdicts.length)).toFixed(1)} %`,
);

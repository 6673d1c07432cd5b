import { parseArgs } from 'node:util';
import { noFaults, faultKinds } from './kinds.ts';
import { reportOf } from './tell.ts';
import { judgeSeed } from './verdict.ts';

/** Tries many seeds and prints those that fail, with their faults: `npm run faults -- --seeds 20000 --from 1`. */

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '10000' }, from: { type: 'string', default: '1' } } });
const [seeds, from] = [Number(values.seeds), Number(values.from)];
if (!(seeds > 0) || !Number.isInteger(from)) throw new Error('--seeds and --from are whole numbers');
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const counts = noFaults();
let failed = 0;
for (let seed = from; seed < from + seeds; seed += 1) {
  const verdict = await judgeSeed(seed);
  for (const kind of faultKinds) counts[kind] += verdict.faults[kind];
  if (verdict.offences.length > 0) {
    failed += 1;
    print(reportOf(verdict));
  }
  const tried = seed - from + 1;
  if (tried % 500 === 0) print(`${String(tried)} of ${String(seeds)} seeds tried, ${String(failed)} failed`);
}
for (const kind of faultKinds) print(`${String(counts[kind]).padStart(10)}  ${kind}`);
print(`${String(seeds)} seeds from ${String(from)}: ${String(failed)} failed`);
process.exitCode = failed === 0 ? 0 : 1;

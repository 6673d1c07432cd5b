import { parseArgs } from 'node:util';
import { catalogue } from '../../shared/detect/registry.ts';
import { type Figures, figuresOf } from './report.ts';
import { type Spent, pageOf, totals } from './page.ts';
import { watch } from './watching.ts';

/** What people would be told of busy, benign clusters, and of the attacks in them. */

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1..5' },
    days: { type: 'string', default: '14' },
    'without-flows': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const [first = 1, last = first] = (values.seed ?? values.seeds).split('..').map(Number);
const days = Number(values.days);
const wrong = [first, last, days].some((number) => !Number.isInteger(number) || number < 1);
if (wrong) throw new Error('--seeds A..B, --seed S and --days N take whole numbers');

const all: Figures[] = [];
for (let seed = first; seed <= last; seed++) {
  const started = performance.now();
  const watched = await watch(catalogue, { seed, days, flows: !values['without-flows'] });
  const figures = figuresOf(watched);
  all.push(figures);
  if (values.json) console.log(JSON.stringify(figures));
  else console.log(pageOf(figures, spentSince(started), watched.faults));
}
if (!values.json) console.log(totals(all));
process.exitCode = all.every(({ holds }) => holds) ? 0 : 1;

/** Of memory the most that the process ever had. */
function spentSince(started: number): Spent {
  return { seconds: (performance.now() - started) / 1_000, megabytes: Math.round(process.resourceUsage().maxRSS / 1_024) };
}

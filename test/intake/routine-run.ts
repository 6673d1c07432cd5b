import { parseArgs } from 'node:util';
import { compare } from './routine-differential.ts';

/** The long form of the differential test: `npm run routines -- --mutants 1000000 --from 1`. */
const { values } = parseArgs({ options: { mutants: { type: 'string', default: '1000000' }, from: { type: 'string', default: '1' } } });
const wanted = Number(values.mutants);
const each = { lines: 3_000, mutants: 6_000 };

const sum = { lines: 0, aside: 0, mutants: 0 };
for (let seed = Number(values.from); sum.mutants < wanted; seed += 1) {
  const { lines, aside, mutants } = await compare({ seed, ...each });
  sum.lines += lines + mutants;
  sum.aside += aside;
  sum.mutants += mutants;
  if (seed % 10 === 0) console.error(`seed ${String(seed)}: ${String(sum.mutants)} of ${String(wanted)} mutants`);
}
console.log(
  `${String(sum.mutants)} mutants among ${String(sum.lines)} lines, ${String(sum.aside)} put aside unread: findings and state are those of reading every line.`,
);

import { catalogue } from '../../shared/detect/registry.ts';
import { blind } from './expected.ts';
import { type Fate, blindKeyOf, isClaimed, Judge } from './judging.ts';
import { attacks } from './attacks.ts';
import { variants } from './variants.ts';

/** Prints how many variants of each attack were found, by what they vary, and the sum. */

const judge = new Judge(catalogue);
const kinds = [...new Set(variants.map(({ kind }) => kind))];
const width = Math.max(...attacks.map(({ id }) => id.length)) + 1;
const cell = (text: string): string => text.padStart(8);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const sums = { found: 0, missed: 0, blind: 0, unclaimed: 0 };
const misses: string[] = [];

print('Variants found of variants sent, by what they vary; - where nobody claims the attack.\n');
print(' '.repeat(width) + kinds.map((kind) => cell(kind.slice(0, 7))).join('') + cell('all'));
for (const attack of attacks) {
  const own = variants.filter((variant) => variant.attack === attack);
  if (!isClaimed(attack, catalogue)) {
    sums.unclaimed += own.length;
    print(`${attack.id.padEnd(width)}${cell('-').repeat(kinds.length)}${cell(String(own.length))}  ${attack.rows.join(' ')}`);
    continue;
  }
  const fates: Fate[] = [];
  for (const variant of own) fates.push(await judge.fateOf(variant));
  print(
    attack.id.padEnd(width) +
      kinds.map((kind) => cell(share(fates.filter(({ variant }) => variant.kind === kind)))).join('') +
      cell(share(fates)),
  );
  for (const { variant, finders, others } of fates) {
    const hidden = blindKeyOf(variant.name, blind) !== undefined;
    if (finders.length > 0) sums.found += 1;
    else if (hidden) sums.blind += 1;
    else {
      sums.missed += 1;
      misses.push(`${variant.name}: found ${others.join(', ') || 'nothing'}`);
    }
  }
}

function share(fates: readonly Fate[]): string {
  return fates.length === 0 ? '' : `${String(fates.filter(({ finders }) => finders.length > 0).length)}/${String(fates.length)}`;
}

for (const miss of misses) print(`\nmissed: ${miss}`);
print(
  `\n${String(attacks.length)} attacks, ${String(variants.length)} variants: ${String(sums.found)} found, ${String(sums.missed)} missed, ${String(sums.blind)} in known blind spots, ${String(sums.unclaimed)} of attacks that nobody claims.`,
);
process.exitCode = sums.missed === 0 ? 0 : 1;

import { catalogue } from '../../shared/detect/registry.ts';
import { longestPattern, subscriptionOf } from '../../shared/detect/subscription.ts';
import { savings } from './savings.ts';

/** Prints the subscription's patterns, what they leave out and why, and what that saves on the pinned mix. */

const seed = 20260310;
const count = 100_000;
const { json, text, leftOut, kept } = subscriptionOf(catalogue);

for (const [name, pattern] of Object.entries({ json, text }))
  console.log(`${name}, ${String(pattern.length)} of ${String(longestPattern)} characters:\n${pattern}\n`);
for (const { id, what, reason, hides } of leftOut) console.log(`${id}: ${what}\n  because ${reason}\n  hides ${hides}\n`);
for (const { kind, readers } of kept) console.log(`${kind.id} is forwarded: read by ${readers.join(', ')}\n`);
console.log(`not forwarded of ${String(count)} audit lines, seed ${String(seed)}:`);
for (const { id, lines, bytes } of savings(seed, count))
  console.log(`  ${id.padEnd(18)} ${lines.toFixed(1).padStart(5)} % of lines ${bytes.toFixed(1).padStart(5)} % of bytes`);

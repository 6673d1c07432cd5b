import { cpus } from 'node:os';
import { dollars } from '../../shared/knowledge/prices.ts';
import { type Night, nightOf } from './recompute-run.ts';

/**
 * What the nightly recomputation costs, shard by shard, and whether it grows with the table and no faster.
 */

const seed = '20260330';
const sizes = [10_000, 100_000, 1_000_000];

const seconds = (): number => performance.now() / 1_000;
const whole = (value: number): string => Math.round(value).toLocaleString('en');

console.log(
  `machine: ${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; seed ${seed}; no network, so seconds are of the processor`,
);
let smallest: Night | undefined;
for (const keys of sizes) {
  const night = await nightOf(keys, seed, seconds);
  smallest ??= night;
  const { reads, readUnits, writes, writeUnits, bytes, profiles, parents, secondsOfShards } = night;
  const shards = secondsOfShards.length;
  globalThis.gc?.();
  console.log(
    [
      `${whole(keys)} keys: ${whole(profiles)} profiles, ${whole(parents)} of parents, $${(readUnits * dollars.dynamoReadUnit + writeUnits * dollars.dynamoWriteUnit).toFixed(4)}`,
      `  a shard of ${String(shards)}: ${whole(reads / shards)} read requests, ${whole(readUnits / shards)} read units, ${whole(writes / shards)} items written, ` +
        `${whole(writeUnits / shards)} write units, ${whole(bytes / shards / 1_024)} KB, ${(secondsOfShards.reduce((sum, each) => sum + each, 0) / shards).toFixed(2)} s ` +
        `(most ${Math.max(...secondsOfShards).toFixed(2)} s)`,
      `  per key, against ${whole(smallest.keys)} keys: read units ${ratio(night, smallest, 'readUnits')}, write units ${ratio(night, smallest, 'writeUnits')}, bytes ${ratio(night, smallest, 'bytes')}`,
      `  memory held afterwards: ${whole(process.memoryUsage().heapUsed / 1_048_576)} MB`,
    ].join('\n'),
  );
}

function ratio(night: Night, base: Night, what: 'readUnits' | 'writeUnits' | 'bytes'): string {
  return (night[what] / night.keys / (base[what] / base.keys)).toFixed(2);
}

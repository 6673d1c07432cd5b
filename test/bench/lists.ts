import { wordsOf } from '../../shared/model/address-number.ts';
import { type AddressRange, RangeMap } from '../../shared/model/range-map.ts';
import { Random } from '../simulation/random.ts';
import { median } from './median.ts';

/**
 * What a look-up in a list of addresses costs, and what an entry takes in memory, beside a look-up of the same text in a
 * `Map`. They take turns in this process, and the ratio is what counts. `node --expose-gc test/bench/lists.ts`
 */

const seed = 20260310;
const sizes = [10, 1_000, 500_000];
const lookUps = 200_000;
const rounds = 5;

interface Family {
  readonly name: string;
  readonly width: 32 | 128;
  readonly text: (value: number) => string;
  readonly number: (value: number) => bigint;
}

const v4: Family = {
  name: 'IPv4',
  width: 32,
  text: (value) => [24, 16, 8, 0].map((shift) => String((value >>> shift) & 255)).join('.'),
  number: BigInt,
};
const v6: Family = {
  name: 'IPv6',
  width: 128,
  text: (value) => `2001:db8:${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}::1`,
  number: (value) => (0x2001_0db8n << 96n) | (BigInt(value) << 64n) | 1n,
};

/** Nanoseconds a look-up takes, over all texts. */
function timed(texts: readonly string[], find: (text: string) => unknown): number {
  let hits = 0;
  // Processor time: what else the machine does is none of it.
  const begun = process.cpuUsage();
  for (let turn = 0; turn < lookUps; turn += 1) if (find(texts[turn % texts.length] ?? '') !== undefined) hits += 1;
  const { user, system } = process.cpuUsage(begun);
  if (hits < 0) throw new Error('unreachable: nothing was counted');
  return ((user + system) * 1_000) / lookUps;
}

function heap(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** A list of that many single addresses, none beside another, and what is asked: half of it stands on the list. */
function population({ text, number, width }: Family, size: number): { ranges: AddressRange[]; members: string[]; asked: string[] } {
  const random = new Random(String(seed));
  const values = new Set<number>();
  while (values.size < size) values.add(random.int(0x0b00_0000, 0xdfff_fffe) & ~1);
  const listed = [...values].map((value) => value >>> 0);
  const ranges = listed.map((value, index): AddressRange => ({ first: number(value), last: number(value), width, value: index % 80_000 }));
  const asked = Array.from({ length: 20_000 }, (_, index) => {
    const member = listed[random.int(0, listed.length - 1)] ?? 0;
    return text(index % 2 === 0 ? member : member + 1);
  });
  return { ranges, members: listed.map(text), asked };
}

console.log(
  `look-ups in lists of addresses: ${String(lookUps)} a round, half of them hits, median of ${String(rounds)} rounds in turns, seed ${String(seed)}`,
);
for (const family of [v4, v6]) {
  for (const size of sizes) {
    const { ranges, members, asked } = population(family, size);
    const before = heap();
    const known = new Map(members.map((text, index) => [text, index]));
    const mapBytes = heap() - before + members.reduce((sum, text) => sum + text.length, 0);
    const map = RangeMap.of(ranges);
    const times = { parse: [] as number[], find: [] as number[], map: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      times.map.push(timed(asked, (text) => known.get(text)));
      times.find.push(timed(asked, (text) => map.find(text)));
      times.parse.push(timed(asked, (text) => wordsOf(text)));
    }
    const [inMap, inList, parse] = [median(times.map), median(times.find), median(times.parse)];
    console.log(
      `${family.name} ${String(size).padStart(7)} entries: ${inList.toFixed(0).padStart(4)} ns a look-up, of it ${parse.toFixed(0).padStart(4)} ns to read the address; ` +
        `Map ${inMap.toFixed(0).padStart(3)} ns, ratio ${(inList / inMap).toFixed(1)}; ` +
        `${(map.bytes / size).toFixed(0)} bytes an entry${size < 100_000 ? '' : `, Map about ${(mapBytes / size).toFixed(0)}`}`,
    );
  }
}

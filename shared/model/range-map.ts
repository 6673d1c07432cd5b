import { wordsOf } from './address-number.ts';

/** A range of addresses of one family, both ends included, and what it stands for. */
export interface AddressRange {
  readonly first: bigint;
  readonly last: bigint;
  readonly width: 32 | 128;
  readonly value: number;
}

/** Ranges of one family in order, none of which overlap: columns of words, so that a range costs its ends and no object. */
export interface RangeColumns {
  /** First address of each range, one word (IPv4) or four (IPv6) each. */
  readonly firsts: Uint32Array;
  readonly lasts: Uint32Array;
  /** What each range stands for; empty where all stand for the same. */
  readonly values: Uint32Array;
}

/** What an address stands for, by ranges: a binary search in sorted columns, the same few steps whatever is asked. */
export class RangeMap {
  readonly v4: RangeColumns;
  readonly v6: RangeColumns;

  constructor(v4: RangeColumns, v6: RangeColumns) {
    this.v4 = v4;
    this.v6 = v6;
  }

  /** Where ranges overlap, the one that begins last counts, of those the narrowest: in a table of routes, the most specific. */
  static of(ranges: readonly AddressRange[]): RangeMap {
    const of = (width: 32 | 128): RangeColumns => columnsOf(flat(ranges.filter((range) => range.width === width)), width / 32);
    return new RangeMap(of(32), of(128));
  }

  /** Ranges held. */
  get size(): number {
    return this.v4.firsts.length + this.v6.firsts.length / 4;
  }

  /** Bytes held. */
  get bytes(): number {
    return [this.v4, this.v6].reduce((sum, { firsts, lasts, values }) => sum + firsts.byteLength + lasts.byteLength + values.byteLength, 0);
  }

  /** What the address stands for; negative where it is in no range, or no address. */
  find(address: string): number {
    return this.findWords(wordsOf(address));
  }

  /** As {@link find}, for an address whose words are known: several lists are asked about one address. */
  findWords(words: readonly number[]): number {
    const { firsts, lasts, values } = words.length === 1 ? this.v4 : this.v6;
    const step = words.length;
    if (step === 0 || firsts.length === 0) return -1;
    let [low, high] = [0, firsts.length / step];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(firsts, middle * step, words) <= 0) low = middle + 1;
      else high = middle;
    }
    if (low === 0 || compare(lasts, (low - 1) * step, words) < 0) return -1;
    return values.length === 0 ? 0 : (values[low - 1] ?? -1);
  }
}

function compare(column: Uint32Array, at: number, words: readonly number[]): number {
  for (let word = 0; word < words.length; word += 1) {
    const difference = (column[at + word] ?? 0) - (words[word] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The same as the ranges given, in order and without overlap; neighbours that stand for the same are one. */
function flat(ranges: readonly AddressRange[]): AddressRange[] {
  const order = ranges.toSorted((a, b) => sign(a.first, b.first) || sign(b.last, a.last));
  const given: { first: bigint; last: bigint; width: 32 | 128; value: number }[] = [];
  const open: AddressRange[] = [];
  let next = 0n;
  const give = ({ width, value }: AddressRange, last: bigint): void => {
    if (next > last) return;
    const before = given.at(-1);
    if (before?.value === value && before.last + 1n === next) before.last = last;
    else given.push({ first: next, last, width, value });
    next = last + 1n;
  };
  const close = (before: bigint | undefined): void => {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      if (before !== undefined && top.last >= before) {
        give(top, before - 1n);
        return;
      }
      give(top, top.last);
      open.pop();
    }
  };
  for (const range of order) {
    close(range.first);
    next = range.first;
    open.push(range);
  }
  close(undefined);
  return given;
}

function sign(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function columnsOf(ranges: readonly AddressRange[], step: number): RangeColumns {
  const [firsts, lasts] = [new Uint32Array(ranges.length * step), new Uint32Array(ranges.length * step)];
  ranges.forEach(({ first, last }, index) => {
    for (let word = 0; word < step; word += 1) {
      const shift = BigInt(32 * (step - 1 - word));
      firsts[index * step + word] = Number((first >> shift) & 0xffff_ffffn);
      lasts[index * step + word] = Number((last >> shift) & 0xffff_ffffn);
    }
  });
  const values = ranges.some(({ value }) => value !== 0) ? Uint32Array.from(ranges, ({ value }) => value) : new Uint32Array();
  return { firsts, lasts, values };
}

/** Whole numbers in as few bytes as each needs, seven bits a byte. */
export class ByteWriter {
  private readonly bytes: number[] = [];

  /** Adds a count, below 2^53. */
  count(value: number): void {
    let left = value;
    while (left >= more) {
      this.bytes.push((left % more) + more);
      left = Math.floor(left / more);
    }
    this.bytes.push(left);
  }

  /** Adds a column of counts. */
  counts(values: readonly number[]): void {
    for (const value of values) this.count(value);
  }

  /** Adds whole numbers of so many bytes each, first the highest byte of all of them: like lies beside like. */
  words(values: readonly number[], width: number): void {
    for (let byte = width - 1; byte >= 0; byte -= 1) for (const value of values) this.bytes.push(Math.floor(value / 256 ** byte) % 256);
  }

  take(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

/** A byte of this value or above says that the number goes on. */
const more = 128;
/** Bytes of a number below 2^53. */
const longest = 8;

/** Reads what {@link ByteWriter} wrote. Where nothing is left, every number is 0. */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.position;
  }

  count(): number {
    let value = 0;
    for (let digit = 0; digit < longest; digit += 1) {
      const byte = this.bytes[this.position] ?? 0;
      this.position += 1;
      value += (byte % more) * more ** digit;
      if (byte < more) break;
    }
    return Number.isSafeInteger(value) ? value : 0;
  }

  counts(rows: number): readonly number[] {
    return Array.from({ length: Math.min(rows, this.left) }, () => this.count());
  }

  words(rows: number, width: number): readonly number[] {
    const known = Math.min(rows, Math.floor(this.left / width));
    const values = Array.from({ length: known }, (_, row) => {
      let value = 0;
      for (let byte = 0; byte < width; byte += 1) value = value * 256 + (this.bytes[this.position + byte * known + row] ?? 0);
      return value;
    });
    this.position += known * width;
    return values;
  }
}

/** Letters that need no escape in JSON: two of them say thirteen bits, where two of base64 say twelve. */
const letters = Array.from({ length: 94 }, (_, at) => String.fromCharCode(0x21 + at)).filter(
  (letter) => !['"', '\\', '`'].includes(letter),
);
const valueOf = new Map(letters.map((letter, value) => [letter.charCodeAt(0), value]));
const bitsOfTwo = 13;

/** Bytes as text, sixteen of them in twenty letters. */
export function printable(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  const put = (value: number): void => {
    text += (letters[Math.floor(value / letters.length)] ?? '') + (letters[value % letters.length] ?? '');
  };
  for (const byte of bytes) {
    held = held * 256 + byte;
    bits += 8;
    if (bits < bitsOfTwo) continue;
    bits -= bitsOfTwo;
    put(held >>> bits);
    held &= (1 << bits) - 1;
  }
  if (bits > 0) put(held << (bitsOfTwo - bits));
  return text;
}

/** The bytes of a text that {@link printable} made, with at most one of zero after them. */
export function bytesOfPrintable(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor(((text.length >> 1) * bitsOfTwo) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let letter = 0; letter + 1 < text.length; letter += 2) {
    const high = valueOf.get(text.charCodeAt(letter)) ?? 0;
    held = (held << bitsOfTwo) | ((high * letters.length + (valueOf.get(text.charCodeAt(letter + 1)) ?? 0)) % (1 << bitsOfTwo));
    bits += bitsOfTwo;
    for (; bits >= 8; at += 1) {
      bits -= 8;
      bytes[at] = held >>> bits;
      held &= (1 << bits) - 1;
    }
  }
  return bytes;
}

import { createGunzip, type Gunzip } from 'node:zlib';
import type { RejectReason } from '../model/record.ts';

/** Bytes of a file, or why the rest of it cannot be read. */
export type Inflated = Uint8Array | { readonly reject: Extract<RejectReason, 'bad-gzip' | 'inflates-too-large'> };

/** Small steps, so that even the densest stream inflates to a few megabytes at a time. */
const step = 16_384;
/** Logs inflate ten- to fiftyfold, the same line for ever about a hundredfold; deflate cannot pass 1032. Below this size nothing is refused. */
const largestRatio = 400;
const harmlessSize = 64 * 1024 * 1024;

/** Whether bytes begin as gzip does. Source: RFC 1952. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * The bytes of a gzip stream of one or several members. What came before a fault is delivered, save for the step it lies
 * in, and the fault is told last: a stream cut short, or one that inflates as no log does.
 */
export async function* inflate(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Inflated> {
  const gunzip = new GunzipSteps();
  let taken = 0;
  let given = 0;
  try {
    for await (const chunk of compressed) {
      for (let from = 0; from < chunk.length; from += step) {
        const part = chunk.subarray(from, from + step);
        taken += part.length;
        for (const inflated of await gunzip.write(part)) {
          given += inflated.length;
          yield inflated;
        }
        const bomb = given > harmlessSize && given > taken * largestRatio;
        if (gunzip.failed || bomb) {
          yield { reject: bomb ? 'inflates-too-large' : 'bad-gzip' };
          return;
        }
      }
    }
    yield* await gunzip.end();
    if (gunzip.failed) yield { reject: 'bad-gzip' };
  } finally {
    gunzip.close();
  }
}

/** Node's gunzip one step at a time: its stream drops what it inflated before a fault when it reports the fault. */
class GunzipSteps {
  failed = false;
  private readonly gunzip: Gunzip = createGunzip();
  private inflated: Uint8Array[] = [];
  private done: () => void = () => undefined;

  constructor() {
    this.gunzip.on('data', (chunk: Uint8Array) => this.inflated.push(chunk));
    this.gunzip.on('end', () => {
      this.done();
    });
    this.gunzip.on('error', () => {
      this.failed = true;
      this.done();
    });
  }

  write(chunk: Uint8Array): Promise<readonly Uint8Array[]> {
    return this.step((done) => this.gunzip.write(chunk, done));
  }

  end(): Promise<readonly Uint8Array[]> {
    return this.step(() => this.gunzip.end());
  }

  close(): void {
    this.gunzip.destroy();
  }

  private async step(begin: (done: () => void) => void): Promise<readonly Uint8Array[]> {
    await new Promise<void>((resolve) => {
      this.done = resolve;
      if (this.failed) resolve();
      else begin(resolve);
    });
    const inflated = this.inflated;
    this.inflated = [];
    return inflated;
  }
}

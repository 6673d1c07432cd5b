import { createHash } from 'node:crypto';
import { at, text } from '../../shared/model/json.ts';
import type { Call, Wire } from './calls.ts';
import type { Answer } from './gateway.ts';

/** S3 as functions use it: objects that are written whole, and read unless they are known. */
export class ObjectStore {
  private readonly objects = new Map<string, Buffer>();

  /** Lays an object where somebody else would have. */
  put(bucket: string, key: string, body: string): void {
    this.objects.set(`${bucket}/${key}`, Buffer.from(body));
  }

  answer({ operation, input }: Call, { bytes, headers }: Wire): Answer {
    const name = `${text(at(input, 'bucket')) ?? ''}/${text(at(input, 'key')) ?? ''}`;
    if (operation === 'PutObject') {
      this.objects.set(name, bytes);
      return { status: 200, headers: { etag: tagOf(bytes) }, body: '' };
    }
    if (operation !== 'GetObject') throw new Error(`s3:${operation} is not answered here`);
    const object = this.objects.get(name);
    if (object === undefined)
      return { status: 404, headers: { 'content-type': 'application/xml' }, body: '<Error><Code>NoSuchKey</Code></Error>' };
    const etag = tagOf(object);
    if (headers['if-none-match'] === etag) return { status: 304, headers: { etag }, body: '' };
    const lastModified = new Date('2026-03-12T01:00:00Z').toUTCString();
    return { status: 200, headers: { etag, 'last-modified': lastModified }, body: object };
  }
}

function tagOf(object: Buffer): string {
  return `"${createHash('md5').update(object).digest('hex')}"`;
}

import type { FlowFormat } from '../model/flow-line.ts';
import type { RejectReason } from '../model/record.ts';
import { longestElement, splitterFor } from './elements.ts';
import { type Form, recognise } from './file-form.ts';
import { type FileLine, FileReader } from './file-lines.ts';
import { inflate, type Inflated, isGzip } from './inflating.ts';
import { type Hints, hintsIn } from './scopes.ts';

/** A file, wherever it is kept. */
export interface FileSource {
  /** What a person calls it. */
  readonly path: string;
  /** Its bytes from the beginning, each time it is called. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** A file whose beginning was read. */
export interface KnownFile {
  readonly source: FileSource;
  readonly form: Form;
  /** Event time of the first line that tells one; 0 where none does. */
  readonly startTime: number;
  readonly hints: Hints;
  readonly formats: ReadonlySet<FlowFormat>;
}

/** Bytes that are read to recognise a file; more where these hold no whole element yet. */
const peeked = [256 * 1024, 4 * 1024 * 1024, 64 * 1024 * 1024];
/** A decoded message of CloudWatch holds many lines: as large as a payload may inflate. */
const longestMessage = 64 * 1024 * 1024;

/** Reads the beginning of a file; absent where it is nothing that is read here. `format` is that of flow logs without a header. */
export async function peekFile(source: FileSource, format: FlowFormat): Promise<KnownFile | undefined> {
  let known: KnownFile | undefined;
  for (const size of peeked) {
    const { head, fault, whole } = await beginningOf(source, size);
    // What cannot be inflated far enough to tell is a damaged log rather than a foreign one.
    const form = recognise(head, whole, format) ?? (fault === undefined ? undefined : damaged);
    if (form === undefined) return undefined;
    const reader = new FileReader(form, source.path, format);
    const splitter = splitterFor(form.layout, limitOf(form));
    const lines = [...splitter.push(head), ...(whole ? splitter.end() : [])].flatMap((element) => reader.read(element));
    known = { source, form, startTime: lines.find(({ time }) => time > 0)?.time ?? 0, hints: hintsIn(lines), formats: reader.formats };
    if (lines.length > 0 || whole) break;
  }
  return known;
}

/** The lines of a file in file order, some at a time. Faults of the file come last, each as a rejected line. */
export async function* linesOf({ source, form, startTime }: KnownFile, format: FlowFormat): AsyncGenerator<readonly FileLine[]> {
  const reader = new FileReader(form, source.path, format, startTime);
  const splitter = splitterFor(form.layout, limitOf(form));
  const faults: RejectReason[] = [];
  for await (const bytes of bytesOf(source)) {
    if ('reject' in bytes) faults.push(bytes.reject);
    else yield splitter.push(bytes).flatMap((element) => reader.read(element));
  }
  yield [...splitter.end().flatMap((element) => reader.read(element)), ...faults.map((fault) => reader.fault(fault))];
}

const damaged: Form = { layout: 'lines', wrapping: 'none', log: 'other' };

function limitOf({ wrapping }: Form): number {
  return wrapping === 'subscription' ? longestMessage : longestElement;
}

async function beginningOf(
  source: FileSource,
  most: number,
): Promise<{ head: Uint8Array; fault: RejectReason | undefined; whole: boolean }> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const bytes of bytesOf(source)) {
    if ('reject' in bytes) return { head: Buffer.concat(pieces), fault: bytes.reject, whole: true };
    pieces.push(bytes);
    size += bytes.length;
    if (size > most) return { head: Buffer.concat(pieces).subarray(0, most), fault: undefined, whole: false };
  }
  return { head: Buffer.concat(pieces), fault: undefined, whole: true };
}

async function* bytesOf(source: FileSource): AsyncGenerator<Inflated> {
  const chunks = source.open()[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  const all = prepended(first.value, chunks);
  if (isGzip(first.value)) yield* inflate(all);
  else yield* all;
}

async function* prepended(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

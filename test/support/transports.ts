import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileLine } from '../../shared/intake/file-lines.ts';
import { type FileSource, type KnownFile, linesOf, peekFile } from '../../shared/intake/files.ts';
import { defaultFlowFormat, type FlowFormat, flowFormatOf } from '../../shared/model/flow-line.ts';

/** The repository. */
export const root = join(import.meta.dirname, '../..');

/** Where a transport sample stands. */
export function samplePath(name: string): string {
  return join(root, 'events/transports', name);
}

/** A transport sample's bytes. */
export function sample(name: string): Buffer {
  return readFileSync(samplePath(name));
}

/** Bytes as a file, in chunks of a size. */
export function fileOf(bytes: Uint8Array, path = 'sample', chunk = 1_000): FileSource {
  return {
    path,
    open: async function* () {
      for (let from = 0; from < bytes.length; from += chunk) yield await Promise.resolve(bytes.subarray(from, from + chunk));
    },
  };
}

/** The format of flow logs without a header. */
export const defaultFormat: FlowFormat = flowFormatOf(defaultFlowFormat);

/** A file recognised and read to its end. */
export async function readAll(bytes: Uint8Array, format = defaultFormat): Promise<{ known: KnownFile | undefined; lines: FileLine[] }> {
  const known = await peekFile(fileOf(bytes), format);
  const lines: FileLine[] = [];
  if (known !== undefined) for await (const some of linesOf(known, format)) lines.push(...some);
  return { known, lines };
}

/** What became of a line before anybody judged it: its text, or why it goes no further. */
export function contentOf({ content }: FileLine): string {
  if ('reject' in content) return `rejected ${content.reject}`;
  return 'skip' in content ? `skipped ${content.skip}` : content.message;
}

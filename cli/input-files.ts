import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSource } from '../shared/intake/files.ts';
import { UsageError } from './usage-error.ts';

/** A file named on the command line, or found in a directory that was. */
export interface InputFile extends FileSource {
  readonly size: number;
  /** Named by itself: then it must be readable. Found in a directory, it may be of another kind. */
  readonly named: boolean;
}

/** Larger reads mean fewer turns; what is held at once stays small. */
const chunkSize = 64 * 1024;

/** The files behind the names: a directory stands for the files below it, in alphabetical order. */
export function inputFiles(names: readonly string[], onRead: (bytes: number) => void): InputFile[] {
  return names.flatMap((name) => {
    const stat = statSync(name, { throwIfNoEntry: false });
    if (stat === undefined) throw new UsageError(`${name}: no such file or directory`);
    if (!stat.isDirectory()) return [inputFile(name, stat.size, true, onRead)];
    const below = filesBelow(name);
    if (below.length === 0) throw new UsageError(`${name}: the directory has no files`);
    return below.map((path) => inputFile(path, statSync(path).size, false, onRead));
  });
}

function filesBelow(directory: string): string[] {
  const entries = readdirSync(directory, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function inputFile(path: string, size: number, named: boolean, onRead: (bytes: number) => void): InputFile {
  return { path, size, named, open: () => readFile(path, onRead) };
}

async function* readFile(path: string, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: chunkSize })) {
      const bytes = chunk as Uint8Array;
      onRead(bytes.length);
      yield bytes;
    }
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { MemoryState } from '../shared/adapters/memory-state.ts';
import { splitterFor } from '../shared/intake/elements.ts';
import { inflate } from '../shared/intake/inflating.ts';
import { at, list, number, object, parseJson, text } from '../shared/model/json.ts';
import type { Merge, StateDocument } from '../shared/state/store.ts';
import { inputFiles } from './input-files.ts';
import { UsageError } from './usage-error.ts';

/** The first line of a state file: what it is, and which reading of it is right. */
const heading = { plimsoll: 'state', version: 1 };

/** One item may hold thousands of members. */
const longestItem = 64 * 1024 * 1024;

/** Loads what an earlier replay learnt; nothing where the file is not there yet. */
export async function loadState(path: string, state: MemoryState): Promise<void> {
  if (!existsSync(path)) return;
  const damaged = new UsageError(`--state ${path}: this is no state file of replay, or it is damaged; remove it to learn anew`);
  const values = valuesIn(path, damaged);
  const first = await values.next();
  if (first.done === true || at(first.value, 'plimsoll') !== heading.plimsoll || at(first.value, 'version') !== heading.version)
    throw damaged;
  for await (const value of values) {
    const entry = entryOf(value);
    if (entry === undefined) throw damaged;
    await ('key' in entry ? state.merge([entry]) : state.put([entry]));
  }
}

async function* valuesIn(path: string, damaged: UsageError): AsyncGenerator {
  const splitter = splitterFor('lines', longestItem);
  const [file] = inputFiles([path], () => undefined);
  for await (const bytes of inflate(file?.open() ?? Readable.from([]))) {
    if ('reject' in bytes) throw damaged;
    for (const line of splitter.push(bytes)) yield parseJson(line.text);
  }
  for (const line of splitter.end()) yield parseJson(line.text);
}

/** Saves what was learnt: whole or not at all, for a half-written memory would be trusted. */
export async function saveState(path: string, state: MemoryState): Promise<void> {
  const unfinished = `${path}.${String(process.pid)}.tmp`;
  try {
    await pipeline(Readable.from(linesOf(state)), createGzip(), createWriteStream(unfinished));
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new UsageError(`--state ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function* linesOf(state: MemoryState): Generator<string> {
  yield `${JSON.stringify(heading)}\n`;
  for (const entry of state.dump()) yield `${JSON.stringify(entry)}\n`;
}

function entryOf(value: unknown): Merge | StateDocument | undefined {
  const merge = object(at(value, 'merge'));
  const key = text(merge?.['key']);
  const sets = object(merge?.['sets']);
  if (key !== undefined && sets !== undefined) {
    const members = Object.entries(sets).map(([name, each]) => [name, list(each).map(String)]);
    return {
      key,
      expires: number(merge?.['expires']) ?? 0,
      cap: Number.MAX_SAFE_INTEGER,
      sets: Object.fromEntries(members) as Merge['sets'],
    };
  }
  const stored = object(at(value, 'document'));
  const partition = text(stored?.['partition']);
  const sort = text(stored?.['sort']);
  const document = text(stored?.['document']);
  if (partition === undefined || sort === undefined || document === undefined) return undefined;
  const generation = number(stored?.['generation']);
  return { partition, sort, document, expires: number(stored?.['expires']) ?? 0, ...(generation === undefined ? {} : { generation }) };
}

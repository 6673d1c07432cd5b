import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { MemoryAlerts, MemorySettings } from '../shared/adapters/memory-findings.ts';
import { MemoryState } from '../shared/adapters/memory-state.ts';
import { splitterFor } from '../shared/intake/elements.ts';
import { inflate } from '../shared/intake/inflating.ts';
import { at, list, number, object, parseJson, text } from '../shared/model/json.ts';
import type { Merge, StateDocument } from '../shared/state/store.ts';
import type { Alert } from '../shared/triage/alert.ts';
import { allDecisions, type Decision, limitFrom, suppressionFrom } from '../shared/triage/decision.ts';
import { inputFiles } from './input-files.ts';
import { UsageError } from './usage-error.ts';

/** The first line of a state file: what it is, and which reading of it is right. */
const heading = { plimsoll: 'state', version: 1 };

/** One item may hold thousands of members. */
const longestItem = 64 * 1024 * 1024;

/** What a replay remembers from one run to the next. */
export class Memory {
  readonly state = new MemoryState();
  readonly alerts = new MemoryAlerts();
  /** What people decided. */
  readonly settings = new MemorySettings();
  /** The last tick, milliseconds since the epoch; 0 before any. */
  clock = 0;
}

/** Loads what an earlier replay learnt and found; nothing where the file is not there yet. */
export async function loadState(path: string, memory: Memory): Promise<void> {
  if (!existsSync(path)) return;
  const damaged = new UsageError(`--state ${path}: this is no state file of replay, or it is damaged; remove it to learn anew`);
  const values = valuesIn(path, damaged);
  const first = await values.next();
  if (first.done === true || at(first.value, 'plimsoll') !== heading.plimsoll || at(first.value, 'version') !== heading.version)
    throw damaged;
  for await (const value of values) {
    const clock = number(at(value, 'clock'));
    const alert = alertIn(value);
    const decision = decisionIn(value);
    const entry = entryOf(value);
    if (clock !== undefined) memory.clock = clock;
    else if (alert !== undefined) memory.alerts.load(alert);
    else if (decision !== undefined) await memory.settings.put(decision);
    else if (entry === undefined) throw damaged;
    else await ('key' in entry ? memory.state.merge([entry]) : memory.state.put([entry]));
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

/** Saves what was learnt and found: whole or not at all, for a half-written memory would be trusted. */
export async function saveState(path: string, memory: Memory): Promise<void> {
  const unfinished = `${path}.${String(process.pid)}.tmp`;
  try {
    const decisions = await allDecisions(memory.settings);
    await pipeline(Readable.from(linesOf(memory, decisions)), createGzip(), createWriteStream(unfinished));
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new UsageError(`--state ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function* linesOf({ state, alerts, clock }: Memory, decisions: readonly Decision[]): Generator<string> {
  yield `${JSON.stringify(heading)}\n`;
  yield `${JSON.stringify({ clock })}\n`;
  for (const entry of state.dump()) yield `${JSON.stringify(entry)}\n`;
  for (const alert of alerts.all()) yield `${JSON.stringify({ alert })}\n`;
  for (const decision of decisions) yield `${JSON.stringify({ decision })}\n`;
}

/** Unlike the rest, people may have written it. */
function decisionIn(value: unknown): Decision | undefined {
  const decision = object(at(value, 'decision'));
  const id = text(decision?.['id']);
  if (decision === undefined || id === undefined) return undefined;
  return 'limit' in decision ? limitFrom(id, decision) : suppressionFrom(id, decision);
}

/** Written by a replay: what is there is whole. */
function alertIn(value: unknown): Alert | undefined {
  const alert = object(at(value, 'alert'));
  if (text(alert?.['id']) === undefined || text(alert?.['state']) === undefined || object(alert?.['speaker']) === undefined)
    return undefined;
  return alert as unknown as Alert;
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

import { markedKeys } from '../contract/logs.ts';
import { type Tick, tickAt } from '../model/event.ts';
import type { FlowFormat } from '../model/flow-line.ts';
import type { SkipReason } from '../model/record.ts';
import { day, hour, minute } from '../model/time.ts';
import type { Batch } from './batch.ts';
import type { FileLine } from './file-lines.ts';
import { type KnownFile, linesOf } from './files.ts';
import type { Scopes } from './scopes.ts';

/** What happens next when files are replayed: a batch of one log arrived, or time moved on. */
export type Step = { readonly batch: Batch } | { readonly tick: Tick };

/** Ticks as the scheduler sends them. */
const tickInterval = 5 * minute;
/** In a longer silence nothing changes that further ticks could tell. */
const longestSilence = day;
/** Time that a batch may span: logs of one minute are handed on together, so that the order of events holds across files. */
const batchSpan = minute;
const mostRecords = 500;
/** Characters held back for batches: large bodies must not add up. */
const mostCharacters = 4 * 1024 * 1024;

/** The order within a minute: the audit log tells which pod had an address before flows ask. */
const order: Readonly<Record<Batch['log'], number>> = { audit: 0, authenticator: 1, api: 2, flow: 3, falco: 4, auditd: 5, coverage: 6 };

/** Merges files by event time into batches and ticks. Each file is roughly ordered; the lateness bound covers the rest. */
export async function* mergeFiles(files: readonly KnownFile[], format: FlowFormat, scopes: Scopes): AsyncGenerator<Step> {
  const collected = new Collector(scopes);
  let now = 0;
  for await (const run of merged(files, format)) {
    for (const line of run) {
      const ticks = ticksBetween(now, line.time);
      if (ticks.length > 0 || collected.isFull(line)) yield* collected.take();
      for (const tick of ticks) yield { tick };
      now = Math.max(now, line.time);
      collected.add(line);
    }
  }
  yield* collected.take();
  // Far enough that the last hour is closed and nothing can still arrive.
  if (now > 0) yield { tick: tickAt(now + 3 * hour) };
}

function ticksBetween(now: number, time: number): readonly Tick[] {
  if (now === 0 || time <= now) return none;
  if (time - now > longestSilence) return [tickAt(now + hour)];
  const ticks: Tick[] = [];
  for (let next = (Math.floor(now / tickInterval) + 1) * tickInterval; next <= time; next += tickInterval) ticks.push(tickAt(next));
  return ticks;
}

const none: readonly Tick[] = [];

/** A file being read. */
interface Reading {
  readonly lines: AsyncGenerator<readonly FileLine[]>;
  held: readonly FileLine[];
  position: number;
  time: number;
}

/** Lines of all files in runs, the earliest next. A file is opened when its first event is due, so a directory of years is no burden. */
async function* merged(files: readonly KnownFile[], format: FlowFormat): AsyncGenerator<readonly FileLine[]> {
  const waiting = [...files].sort((a, b) => b.startTime - a.startTime);
  const open: Reading[] = [];
  while (waiting.length > 0 || open.length > 0) {
    const due = waiting.at(-1);
    const earliest = open.reduce<Reading | undefined>(
      (best, each) => (best === undefined || each.time < best.time ? each : best),
      undefined,
    );
    if (due !== undefined && (earliest === undefined || due.startTime <= earliest.time)) {
      waiting.pop();
      const reading = { lines: linesOf(due, format), held: [], position: 0, time: due.startTime };
      if (await refill(reading)) open.push(reading);
    } else if (earliest !== undefined) {
      const until = Math.min(due?.startTime ?? Infinity, ...open.filter((each) => each !== earliest).map(({ time }) => time));
      yield upTo(until, earliest);
      if (earliest.position >= earliest.held.length && !(await refill(earliest))) open.splice(open.indexOf(earliest), 1);
    }
  }
}

/** The lines in hand that come before the next line of any other file. */
function upTo(until: number, reading: Reading): readonly FileLine[] {
  const from = reading.position;
  do {
    reading.position += 1;
    reading.time = Math.max(reading.time, reading.held[reading.position]?.time ?? 0);
  } while (reading.time <= until && reading.position < reading.held.length);
  return reading.held.slice(from, reading.position);
}

async function refill(reading: Reading): Promise<boolean> {
  for (;;) {
    const next = await reading.lines.next();
    if (next.done === true) return false;
    if (next.value.length === 0) continue;
    reading.held = next.value;
    reading.position = 0;
    reading.time = Math.max(reading.time, reading.held[0]?.time ?? 0);
    return true;
  }
}

interface Growing {
  readonly first: FileLine;
  readonly records: Batch['records'][number][];
  readonly rejects: Batch['rejects'][number][];
  readonly skipped: Partial<Record<SkipReason, number>>;
}

/** Collects lines into batches of one log, scope and place. */
class Collector {
  private readonly scopes: Scopes;
  private growing = new Map<string, Growing>();
  private since = 0;
  private lines = 0;
  private characters = 0;

  constructor(scopes: Scopes) {
    this.scopes = scopes;
  }

  /** Whether what is collected must go before this line may be added. */
  isFull(line: FileLine): boolean {
    return this.lines >= mostRecords || this.characters >= mostCharacters || (this.lines > 0 && line.time - this.since >= batchSpan);
  }

  add(line: FileLine): void {
    if (this.lines === 0) this.since = line.time;
    const { content } = line;
    const batch = this.batchOf(line);
    this.lines += 1;
    if ('skip' in content) batch.skipped[content.skip] = (batch.skipped[content.skip] ?? 0) + 1;
    else if ('reject' in content) batch.rejects.push(content);
    else {
      batch.records.push(content);
      this.characters += content.message.length;
    }
  }

  take(): Step[] {
    const batches = [...this.growing.values()].sort((a, b) => order[a.first.log] - order[b.first.log]);
    this.growing = new Map();
    this.lines = 0;
    this.characters = 0;
    return batches.map(({ first, records, rejects, skipped }) => {
      const base = { scope: this.scopes.of(first.cluster, first.account), place: first.place, records, rejects, skipped };
      if (first.log === 'flow' && first.format !== undefined) return { batch: { log: 'flow', format: first.format, ...base } };
      if (first.log === 'auditd') return { batch: { log: 'auditd', keys: markedKeys, ...base } };
      return { batch: { log: first.log === 'flow' ? 'audit' : first.log, ...base } };
    });
  }

  private batchOf(line: FileLine): Growing {
    const name = `${line.log} ${line.cluster} ${line.place}`;
    const known = this.growing.get(name);
    // A file may change its format on the way.
    if (known !== undefined && known.first.format === line.format) return known;
    if (known !== undefined) this.growing.set(`${name} ${String(this.growing.size)}`, known);
    const fresh: Growing = { first: line, records: [], rejects: [], skipped: {} };
    this.growing.set(name, fresh);
    return fresh;
  }
}

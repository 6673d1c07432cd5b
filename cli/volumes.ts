import type { ParseArgsConfig } from 'node:util';
import { InsightsHistory, logsClient } from '../shared/adapters/logs-history.ts';
import { printable, shortened } from '../shared/alert/escape.ts';
import type { Span } from '../shared/history/span.ts';
import { Talkers } from '../shared/history/talkers.ts';
import { peekFile } from '../shared/intake/files.ts';
import { mergeFiles } from '../shared/intake/merging.ts';
import { Scopes } from '../shared/intake/scopes.ts';
import { dollars, pricesAsOf } from '../shared/knowledge/prices.ts';
import { adviceOn } from '../shared/knowledge/volume-advice.ts';
import { defaultFlowFormat, flowFormatOf } from '../shared/model/flow-line.ts';
import { talkerIn, talkersQuery } from '../shared/model/talker.ts';
import { day } from '../shared/model/time.ts';
import { inputFiles } from './input-files.ts';
import { UsageError } from './usage-error.ts';
import { parsed } from './words.ts';

/** Whose volume is asked for: files, or a log group over some time. */
export interface VolumeOptions {
  readonly source:
    { readonly files: readonly string[] } | { readonly group: string; readonly span: Span; readonly region: string | undefined };
  readonly top: number;
  readonly json: boolean;
}

/** What `--help` prints. */
export const volumeHelp = `Usage: npm run --silent volume -- (FILE… | --log-group NAME) [options]

Tells what makes an audit log large: who asks for what, how often, how many bytes that
is, what it costs to take it in, and what to change to pay less.

  --log-group NAME  ask CloudWatch Logs Insights, which charges for the bytes scanned
  --days N          how far back (default: 1)
  --region REGION   the Region of the group
  --top N           how many to list (default: 15)
  --json            as JSON, one a line
  --help            this text`;

const known = {
  'log-group': { type: 'string' },
  days: { type: 'string' },
  region: { type: 'string' },
  top: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

/** The options of a command line, or `help`. `now` is when it was given. Throws {@link UsageError} where one is wrong. */
export function readVolumeOptions(words: readonly string[], now: number): VolumeOptions | 'help' {
  const { values, positionals: files } = parsed(words, known);
  if (values.help === true) return 'help';
  const group = values['log-group'];
  if ((group === undefined) === (files.length === 0)) throw new UsageError('name files, or one --log-group; --help tells the options');
  const span = { from: now - count('--days', values.days, 1) * day, to: now };
  return {
    source: group === undefined ? { files } : { group, span, region: values.region },
    top: count('--top', values.top, 15),
    json: values.json ?? false,
  };
}

function count(option: string, word: string | undefined, otherwise: number): number {
  if (word === undefined) return otherwise;
  const value = Number(word);
  if (!Number.isInteger(value) || value < 1 || value > 1_000) throw new UsageError(`${option} ${word}: a whole number from 1 to 1000`);
  return value;
}

/** Counts the talkers of files or of a log group. */
export async function talkersIn({ source }: VolumeOptions): Promise<Talkers> {
  return 'files' in source ? inFiles(source.files) : inGroup(new InsightsHistory(logsClient(source.region), source.group), source);
}

/** Asks a log group, through whatever answers for it. */
export async function inGroup(
  log: Pick<InsightsHistory, 'rows'>,
  { group, span }: { readonly group: string; readonly span: Span },
): Promise<Talkers> {
  const talkers = new Talkers();
  const answer = await log.rows(talkersQuery, span);
  if ('failure' in answer) throw new UsageError(`--log-group ${group}: ${answer.failure}`);
  for (const row of answer.rows) talkers.count(talkerIn(row));
  return talkers;
}

async function inFiles(names: readonly string[]): Promise<Talkers> {
  const talkers = new Talkers();
  const format = flowFormatOf(defaultFlowFormat);
  const peeked = await Promise.all(inputFiles(names, () => undefined).map((file) => peekFile(file, format)));
  const files = peeked.filter((file) => file !== undefined);
  const scopes = new Scopes(
    files.map(({ hints }) => hints),
    undefined,
  );
  for await (const step of mergeFiles(files, format, scopes))
    if ('batch' in step && step.batch.log === 'audit') for (const { message } of step.batch.records) talkers.add(message);
  if (talkers.lines === 0) throw new UsageError(`${names[0] ?? ''}: no audit log in it`);
  return talkers;
}

/** What a person reads of it. */
export function* report(talkers: Talkers, { top, json }: Pick<VolumeOptions, 'top' | 'json'>): Generator<string> {
  const listed = talkers.top(top);
  if (json) {
    for (const talker of listed) yield JSON.stringify({ ...talker, share: talker.bytes / talkers.bytes, advice: adviceOn(talker) });
    return;
  }
  yield `${thousands(talkers.lines)} lines, ${megabytes(talkers.bytes)}: ${price(talkers.bytes)} to take in (prices of ${pricesAsOf}, us-east-1).`;
  for (const talker of listed) {
    const { who, verb, resource, lines, bytes } = talker;
    const name = shortened(printable([who, verb, resource].filter((word) => word !== '').join('  ')), 100);
    yield '';
    yield `${percent(bytes / talkers.bytes)}  ${name}`;
    yield `       ${thousands(lines)} lines of ${thousands(Math.round(bytes / lines))} bytes, ${price(bytes)}`;
    yield `       ${adviceOn(talker)}`;
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`.padStart(6);
const thousands = (value: number): string => value.toLocaleString('en-US');
const megabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MB`;

function price(bytes: number): string {
  const cost = bytes * dollars.logsIngestedByte;
  return cost < 0.01 ? 'less than a cent' : `$${cost.toFixed(2)}`;
}

import type { ParseArgsConfig } from 'node:util';
import { environment } from '../shared/contract/environment.ts';
import { isSeverity, type Severity } from '../shared/model/finding.ts';
import { UsageError } from './usage-error.ts';
import { parsed } from './words.ts';

/** Where decisions, alerts and memories are: a file of `replay --state`, or the deployed tables. */
export type DecisionPlace =
  { readonly file: string } | { readonly settingsTable: string; readonly findingsTable: string; readonly stateTable: string };

/** Until when: a moment, or some days from when it is decided. */
export type Until = { readonly at: number } | { readonly days: number };

const commands = ['add', 'stage', 'promote', 'limit', 'extend', 'remove', 'list'] as const;
type Command = (typeof commands)[number];

/** What the command was asked to do. */
export interface SuppressOptions {
  readonly command: Command;
  /** What stands after the command: a detection, an id, a count. */
  readonly words: readonly string[];
  readonly detection: string | undefined;
  readonly strategy: string | undefined;
  readonly entity: string | undefined;
  readonly cluster: string | undefined;
  readonly account: string | undefined;
  readonly alert: string | undefined;
  readonly severity: Severity | undefined;
  readonly until: Until | undefined;
  readonly who: string;
  readonly why: string;
  /** Days of the past that a decision is tried on. */
  readonly history: number;
  readonly grave: boolean;
  readonly dryRun: boolean;
  readonly place: DecisionPlace;
}

/** What `--help` prints. */
export const suppressHelp = `Usage: npm run --silent suppress -- COMMAND [options]

Decides what people are not told of, for a time. It takes effect within half a minute.

  add                      silences what a scope matches, and first tells what it would have silenced
  stage DETECTION          records and counts what a detection finds, and tells nobody
  promote DETECTION        ends that: the next finding is told
  limit DETECTION COUNT    sets the limit of a threshold, in place of what was learnt, up to its ceiling
  extend ID                moves the end of a decision
  remove ID                ends a decision: the next finding is told
  list                     all decisions, and what each silenced

Scope of add, of which at least one of the first four is needed:
  --detection ID           one detection
  --strategy NAME          the detections of a strategy folder
  --entity GLOB            ids of those it is about, such as system:serviceaccount:ci:*
  --alert ALERT            one alert, by its id: the last word of its text
  --cluster GLOB           clusters, also for stage, promote and limit (default: all)
  --account GLOB           accounts that clusters are in, also for those (default: all)

  --until DATE, --days N   when it ends, at most a year away
  --by NAME                who decides (default: the user of this machine)
  --reason TEXT            why
  --severity SEVERITY      the gravest that add covers (default: the gravest that it would have
                           silenced, else medium); what becomes graver is told
  --grave                  silence even what is high or critical
  --history DAYS           the past that it is tried on (default: 14)
  --dry-run                tell what would happen and change nothing
  --state FILE             the state file of a replay, instead of the deployed tables
  --settings-table NAME    the deployed settings table (default: $${environment.settingsTable})
  --findings-table NAME    the deployed findings table (default: $${environment.findingsTable})
  --state-table NAME       the deployed state table (default: $${environment.stateTable})
  --help                   this text

In a GLOB, * stands for any text, and \\* for a star. It is held against ids, never against names.

Exit: 0 when it is decided, or would be; 2 for a wrong option, file or id, and where --grave is missing.`;

const known = {
  detection: { type: 'string' },
  strategy: { type: 'string' },
  entity: { type: 'string' },
  cluster: { type: 'string' },
  account: { type: 'string' },
  alert: { type: 'string' },
  severity: { type: 'string' },
  until: { type: 'string' },
  days: { type: 'string' },
  by: { type: 'string' },
  reason: { type: 'string' },
  history: { type: 'string' },
  grave: { type: 'boolean' },
  state: { type: 'string' },
  'settings-table': { type: 'string' },
  'findings-table': { type: 'string' },
  'state-table': { type: 'string' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

type Name = keyof typeof known;

const everywhere: readonly Name[] = ['state', 'settings-table', 'findings-table', 'state-table', 'help'];
const deciding: readonly Name[] = ['until', 'days', 'by', 'reason', 'dry-run'];

/** Options of each command: one that would be passed over is refused. */
const taken: Readonly<Record<Command, readonly Name[]>> = {
  add: [...deciding, 'detection', 'strategy', 'entity', 'cluster', 'account', 'alert', 'severity', 'history', 'grave'],
  stage: [...deciding, 'cluster', 'account', 'history', 'grave'],
  promote: ['cluster', 'account', 'dry-run'],
  limit: [...deciding, 'cluster', 'account', 'history'],
  extend: deciding,
  remove: ['dry-run'],
  list: [],
};

/** Words after the command. */
const wordsOf: Readonly<Record<Command, readonly string[]>> = {
  add: [],
  stage: ['DETECTION'],
  promote: ['DETECTION'],
  limit: ['DETECTION', 'COUNT'],
  extend: ['ID'],
  remove: ['ID'],
  list: [],
};

type Variables = Readonly<Record<string, string | undefined>>;

/** Characters of a name or a reason. */
const longest = 500;
const mostDays = 366;

/** The options of a command line, or `help`. Throws {@link UsageError} where one is wrong. */
export function readSuppressOptions(line: readonly string[], variables: Variables): SuppressOptions | 'help' {
  const { values, positionals } = parsed(idsJoined(line), known);
  if (values.help === true) return 'help';
  const [word, ...words] = positionals;
  const command = commands.find((each) => each === word);
  if (command === undefined) throw new UsageError(`say what to do: ${commands.join(', ')}; --help tells more`);
  if (words.length !== wordsOf[command].length)
    throw new UsageError(`usage: ${[command, ...wordsOf[command]].join(' ')} [options]; --help tells the options`);
  for (const name of Object.keys(values) as Name[])
    if (!taken[command].includes(name) && !everywhere.includes(name)) throw new UsageError(`${command} takes no --${name}`);
  const decides = taken[command].includes('until');
  const who = values.by ?? variables['USER'] ?? '';
  if (decides && who === '') throw new UsageError('say who decides: --by NAME');
  const why = values.reason ?? '';
  if (decides && command !== 'extend' && why.trim() === '') throw new UsageError('say why: --reason TEXT');
  const { detection, strategy, entity, cluster, account, alert } = values;
  return {
    command,
    words,
    ...{ detection, strategy, entity, cluster, account, alert },
    severity: severityIn(values.severity),
    until: decides ? untilIn(values.until, values.days) : undefined,
    who: who.slice(0, longest),
    why: why.slice(0, longest),
    history: daysIn('--history', values.history) ?? 14,
    grave: values.grave ?? false,
    dryRun: values['dry-run'] ?? false,
    place: placeIn(values, variables),
  };
}

/** An id of an alert may begin with a dash and is no option for that. */
function idsJoined(line: readonly string[]): string[] {
  return line.flatMap((word, at) => {
    if (line[at - 1] === '--alert') return [];
    const next = line[at + 1];
    return word === '--alert' && next !== undefined ? [`--alert=${next}`] : [word];
  });
}

function severityIn(word: string | undefined): Severity | undefined {
  if (word === undefined || isSeverity(word)) return word;
  throw new UsageError(`--severity ${word}: a severity is low, medium, high or critical`);
}

function untilIn(date: string | undefined, days: string | undefined): Until {
  if ((date === undefined) === (days === undefined)) throw new UsageError('say when it ends: --until DATE or --days N');
  if (date === undefined) return { days: daysIn('--days', days) ?? 0 };
  const at = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(date) ? Date.parse(date) : NaN;
  // Some dates that are in no calendar are read as others.
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(date.slice(0, 10)))
    throw new UsageError(`--until ${date}: expected a date, such as 2026-04-30 or 2026-04-30T18:00:00Z`);
  return { at };
}

function daysIn(option: string, word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const days = /^\d{1,4}$/.test(word) ? Number(word) : 0;
  if (days < 1 || days > mostDays) throw new UsageError(`${option} ${word}: expected a number of days from 1 to ${String(mostDays)}`);
  return days;
}

function placeIn(
  values: {
    readonly state?: string;
    readonly 'settings-table'?: string;
    readonly 'findings-table'?: string;
    readonly 'state-table'?: string;
  },
  variables: Variables,
): DecisionPlace {
  if (values.state !== undefined) return { file: values.state };
  const settingsTable = values['settings-table'] ?? variables[environment.settingsTable];
  const findingsTable = values['findings-table'] ?? variables[environment.findingsTable];
  const stateTable = values['state-table'] ?? variables[environment.stateTable];
  if (settingsTable === undefined || findingsTable === undefined || stateTable === undefined)
    throw new UsageError('say where decisions are: --state FILE, or --settings-table, --findings-table and --state-table with their NAMEs');
  return { settingsTable, findingsTable, stateTable };
}

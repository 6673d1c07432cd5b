import type { ParseArgsConfig } from 'node:util';
import { dynamoDbClient } from '../shared/adapters/aws-clients.ts';
import { DynamoDbAlerts } from '../shared/adapters/dynamodb-alerts.ts';
import { DynamoDbState } from '../shared/adapters/dynamodb-state.ts';
import { printable } from '../shared/alert/escape.ts';
import { closingText } from '../shared/alert/text.ts';
import { environment } from '../shared/contract/environment.ts';
import { closingOf, type Closing } from '../shared/triage/alert.ts';
import { close, type Closed, type ClosingPorts } from '../shared/triage/closing.ts';
import { idsLast } from './ids.ts';
import { loadState, Memory, saveState } from './state-file.ts';
import { UsageError } from './usage-error.ts';
import { counted, parsed } from './words.ts';

/** Where alerts and memories are: a file of `replay --state`, or the deployed tables. */
type Place = { readonly file: string } | { readonly stateTable: string; readonly findingsTable: string };

/** What closing was asked to do. */
export interface CloseOptions {
  readonly alert: string;
  readonly verdict: Closing['verdict'];
  readonly who: string;
  readonly why: string;
  readonly place: Place;
  readonly dryRun: boolean;
}

/** What `--help` prints. */
export const closeHelp = `Usage: npm run --silent close -- ALERT --benign|--malicious [options]

Closes an alert. ALERT is its id: the last word of its text, the field id of its JSON.

  --benign             what its events would have taught joins the baselines
  --malicious          what its authors alone taught since the week of its first finding is forgotten
  --by NAME            who decides (default: the user of this machine)
  --reason TEXT        why
  --state FILE         the state file of a replay, instead of the deployed tables
  --state-table NAME   the deployed state table (default: $${environment.stateTable})
  --findings-table NAME  the deployed findings table (default: $${environment.findingsTable})
  --dry-run            tell what would happen and change nothing
  --help               this text

Exit: 0 when the alert is closed, or would be; 2 for a wrong option, file or id. Run again, it changes nothing.`;

const known = {
  benign: { type: 'boolean' },
  malicious: { type: 'boolean' },
  by: { type: 'string' },
  reason: { type: 'string' },
  state: { type: 'string' },
  'state-table': { type: 'string' },
  'findings-table': { type: 'string' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

type Variables = Readonly<Record<string, string | undefined>>;

/** Characters of a name or a reason. */
const longest = 500;

/** The options of a command line, or `help`. Throws {@link UsageError} where one is wrong. */
export function readCloseOptions(words: readonly string[], variables: Variables): CloseOptions | 'help' {
  const { values, positionals } = parsed(idsLast(words, Object.keys(known)), known);
  if (values.help === true) return 'help';
  const [alert, ...rest] = positionals;
  if (alert === undefined || rest.length > 0) throw new UsageError('name one alert by its id; --help tells the options');
  if (values.benign === values.malicious) throw new UsageError('say --benign or --malicious');
  const who = values.by ?? variables['USER'] ?? '';
  if (who === '') throw new UsageError('say who decides: --by NAME');
  return {
    alert,
    verdict: values.benign === true ? 'benign' : 'malicious',
    who: who.slice(0, longest),
    why: (values.reason ?? '').slice(0, longest),
    place: placeIn(values, variables),
    dryRun: values['dry-run'] ?? false,
  };
}

function placeIn(
  values: { readonly state?: string; readonly 'state-table'?: string; readonly 'findings-table'?: string },
  variables: Variables,
): Place {
  if (values.state !== undefined) return { file: values.state };
  const stateTable = values['state-table'] ?? variables[environment.stateTable];
  const findingsTable = values['findings-table'] ?? variables[environment.findingsTable];
  if (stateTable === undefined || findingsTable === undefined)
    throw new UsageError('say where the alert is: --state FILE, or --state-table NAME and --findings-table NAME');
  return { stateTable, findingsTable };
}

/** Closes an alert and tells what came of it. `now` is the time of a decision about deployed tables. */
export async function runClose(options: CloseOptions, now: number): Promise<readonly string[]> {
  const { place } = options;
  if ('file' in place) return closeInFile(options, place.file);
  const client = dynamoDbClient();
  const full: string[] = [];
  const state = new DynamoDbState(client, place.stateTable, ({ key }) => full.push(key));
  const lines = await closeIn(options, now, { alerts: new DynamoDbAlerts(client, place.findingsTable), state });
  return full.length === 0 ? lines : [...lines, `${String(full.length)} memories are full and learnt nothing`];
}

/** In a file the decision is made at the last finding that it knows of: logs replayed later may be old, too. */
async function closeInFile(options: CloseOptions, file: string): Promise<readonly string[]> {
  const memory = new Memory();
  await loadState(file, memory);
  const lines = await closeIn(options, (await memory.alerts.get(options.alert))?.lastSeen ?? 0, memory);
  if (!options.dryRun) await saveState(file, memory);
  return lines;
}

async function closeIn({ alert: id, verdict, who, why, dryRun }: CloseOptions, at: number, ports: ClosingPorts): Promise<string[]> {
  const done = await close(id, { verdict, who, why, at }, ports, dryRun);
  if (done === undefined) throw new UsageError(`${id}: there is no such alert`);
  return [...report(done, dryRun)];
}

function* report({ alert, joined, waiting, waitingFor, forgotten }: Closed, dryRun: boolean): Generator<string> {
  const closing = closingOf(alert);
  yield printable(`${dryRun ? 'would close' : 'closed'} ${alert.id}: ${alert.speaker.title}, ${alert.speaker.entity.name}`);
  if (closing === undefined) return;
  yield `  ${printable(closingText(closing))}`;
  if (closing.verdict === 'malicious') {
    yield `  forgotten: ${counted(forgotten, 'member')} of memories that ${counted(alert.by?.length ?? 0, 'author')} alone taught since the week of ${day(alert.firstSeen)}`;
    return;
  }
  yield `  joined: ${counted(joined, 'observation')}`;
  if (waiting > 0)
    yield `  still waiting: ${counted(waiting, 'observation')}, until these are closed as benign too: ${waitingFor.join(', ')}`;
  if (alert.notKept !== undefined) yield `  not kept, so told anew when they recur: up to ${counted(alert.notKept, 'observation')}`;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

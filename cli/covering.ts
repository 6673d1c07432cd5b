import type { ParseArgsConfig } from 'node:util';
import { gatherFacts } from '../shared/adapters/coverage.ts';
import { type AskingAt, coverageClients } from '../shared/adapters/coverage-clients.ts';
import { findDeployed } from '../shared/adapters/coverage-deployed.ts';
import { DynamoDbState } from '../shared/adapters/dynamodb-state.ts';
import { MemoryState } from '../shared/adapters/memory-state.ts';
import { printable } from '../shared/alert/escape.ts';
import { check } from '../shared/coverage/check.ts';
import { rowsOf, tableJson, tableText } from '../shared/coverage/table.ts';
import { UsageError } from './usage-error.ts';
import { parsed } from './words.ts';

/** What was asked about coverage. */
export interface CoverageOptions {
  readonly region: string | undefined;
  readonly json: boolean;
  readonly failOnBlind: boolean;
}

/** What `--help` prints. */
export const coverageHelp = `Usage: npm run --silent coverage -- [options]

Prints what is watched in a Region, what is not, and the commands that change it: every
cluster, its logs, subscriptions and flow logs, trails, and the parts of the deployed stack.
Uses your AWS credentials, and reads settings only. What they do not let it see is unknown.

  --region NAME     the Region (default: that of your AWS configuration)
  --json            the table as JSON
  --fail-on-blind   exit 3 if anything is blind or unknown
  --help            this text

Exit: 0 when it looked, whatever it found; 2 for a wrong option, or where nothing is deployed.`;

const known = {
  region: { type: 'string' },
  json: { type: 'boolean' },
  'fail-on-blind': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

/** The options of a command line, or `help`. Throws {@link UsageError} where one is wrong. */
export function readCoverageOptions(words: readonly string[]): CoverageOptions | 'help' {
  const { values, positionals } = parsed(words, known);
  if (values.help === true) return 'help';
  if (positionals.length > 0) throw new UsageError(`${positionals[0] ?? ''}: options only; --help tells which`);
  return { region: values.region, json: values.json ?? false, failOnBlind: values['fail-on-blind'] ?? false };
}

/** The table of what is watched, as lines. Changes nothing, in AWS or in what the deployed check knows. */
export async function runCoverage(
  { region, json }: Pick<CoverageOptions, 'region' | 'json'>,
  time: number,
  at: AskingAt = {},
): Promise<{ readonly lines: readonly string[]; readonly blind: boolean }> {
  const clients = coverageClients({ ...at, ...(region === undefined ? {} : { region }) });
  const deployed = await findDeployed(clients.scheduler);
  if (deployed === undefined)
    throw new UsageError('no schedule here says what was deployed: deploy Plimsoll first, or name another --region');
  const facts = await gatherFacts(clients, deployed);
  const state = new DynamoDbState(clients.dynamoDb, deployed.stateTable, () => undefined);
  const { gaps, notes, heard } = await check(facts, deployed, time, state).catch(async (error: unknown) => {
    if (!(error instanceof Error) || !/AccessDenied|ResourceNotFound/.test(error.name)) throw error;
    const { notes: others, ...rest } = await check(facts, deployed, time, new MemoryState());
    return { ...rest, notes: [...others, { cluster: '', text: `when logs were last heard could not be read: ${error.name}` }] };
  });
  const rows = rowsOf(facts, deployed, gaps, heard);
  const blind = rows.some(({ status }) => status !== 'watched');
  return { lines: json ? [tableJson(rows, notes)] : tableText(rows, notes).map(printable), blind };
}

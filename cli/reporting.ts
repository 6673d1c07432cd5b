import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { ParseArgsConfig } from 'node:util';
import { dynamoDbClient } from '../shared/adapters/aws-clients.ts';
import { DynamoDbAlerts } from '../shared/adapters/dynamodb-alerts.ts';
import { environment } from '../shared/contract/environment.ts';
import { catalogue } from '../shared/detect/registry.ts';
import { incidentReport, replayReport, type Report } from '../shared/report/report.ts';
import { memberIds } from '../shared/report/incident.ts';
import type { Alert, AlertStore } from '../shared/triage/alert.ts';
import { idsLast } from './ids.ts';
import { remarks } from './printing.ts';
import type { Outcome } from './replaying.ts';
import { loadState, Memory } from './state-file.ts';
import { UsageError } from './usage-error.ts';
import { parsed } from './words.ts';

/** What a report was asked to be about. */
interface ReportOptions {
  readonly alert: string;
  /** A file of `replay --state`, or the deployed findings table. */
  readonly place: { readonly file: string } | { readonly findingsTable: string };
  readonly out: string;
}

/** What `--help` prints. */
export const reportHelp = `Usage: npm run report -- INCIDENT [options]

Writes the report of an incident or alert as one HTML page, to read, print and keep: summary,
timeline, who touched what, baselines, evidence, and what to do. INCIDENT is its id: the last word
of its text, the field id of its JSON.

  --state FILE           the state file of a replay, instead of the deployed table
  --findings-table NAME  the deployed findings table (default: $${environment.findingsTable})
  --out FILE             where to (default: report-INCIDENT.html)
  --help                 this text

Exit: 0 when it is written; 2 for a wrong option, file or id. It only reads.`;

const known = {
  state: { type: 'string' },
  'findings-table': { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

/** The options of a command line, or `help`. Throws {@link UsageError} where one is wrong. */
export function readReportOptions(
  words: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): ReportOptions | 'help' {
  const { values, positionals } = parsed(idsLast(words, Object.keys(known)), known);
  if (values.help === true) return 'help';
  const [alert, ...rest] = positionals;
  if (alert === undefined || rest.length > 0) throw new UsageError('name one incident or alert by its id; --help tells the options');
  const out = values.out ?? `report-${alert.replace(/[^\w-]/g, '_').slice(0, 64)}.html`;
  if (values.state !== undefined) return { alert, place: { file: values.state }, out };
  const findingsTable = values['findings-table'] ?? variables[environment.findingsTable];
  if (findingsTable === undefined) throw new UsageError('say where the alert is: --state FILE, or --findings-table NAME');
  return { alert, place: { findingsTable }, out };
}

/** Writes the report of an incident and tells where it is. */
export async function runReport({ alert: id, place, out }: ReportOptions): Promise<string> {
  const { alerts, all } = await storeIn(place);
  const alert = await alerts.get(id);
  if (alert === undefined) throw new UsageError(`${id}: there is no such alert`);
  const named = await inTurn(memberIds(alert), (member) => alerts.get(member));
  const members = named.length > 0 ? named : all.filter((other) => other.id !== id);
  return written(out, incidentReport(alert, members, sourceOf));
}

/** Writes the report of a replay and tells where it is. */
export function writeReplayReport(out: string, outcome: Outcome, clusterNamed: boolean): string {
  const { alerts } = outcome;
  return written(out, replayReport({ alerts, sourceOf, remarks: [...remarks(outcome, clusterNamed)] }));
}

/** Where alerts are, and, of a file, all of them: older incidents do not name what they consist of. */
async function storeIn(place: ReportOptions['place']): Promise<{ alerts: Pick<AlertStore, 'get'>; all: readonly Alert[] }> {
  if ('findingsTable' in place) return { alerts: new DynamoDbAlerts(dynamoDbClient(), place.findingsTable), all: [] };
  const memory = new Memory();
  await loadState(place.file, memory);
  return { alerts: memory.alerts, all: memory.alerts.all() };
}

async function inTurn(ids: readonly string[], get: (id: string) => Promise<Alert | undefined>): Promise<Alert[]> {
  const found: Alert[] = [];
  for (const id of ids) {
    const alert = await get(id);
    if (alert !== undefined) found.push(alert);
  }
  return found;
}

const sources = new Map(
  catalogue.map(({ detection }) => [detection.id, detection.shape === 'sequence' ? 'sequence' : detection.source] as const),
);

function sourceOf(detection: string): string | undefined {
  return sources.get(detection);
}

/** Whole or not at all: half a report reads like a whole one. */
function written(out: string, { html, shown, leftOut }: Report): string {
  const unfinished = `${out}.${String(process.pid)}.tmp`;
  try {
    writeFileSync(unfinished, html);
    renameSync(unfinished, out);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new UsageError(`${out}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const size = `${String(Math.ceil(Buffer.byteLength(html) / 1000))} kB`;
  const rest = leftOut === 0 ? '' : `, ${String(leftOut)} more counted and left out`;
  return `report: ${out}, ${size}, ${String(shown)} ${shown === 1 ? 'alert' : 'alerts'}${rest}`;
}

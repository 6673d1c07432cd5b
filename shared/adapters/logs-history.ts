import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  GetQueryResultsCommand,
  type GetQueryResultsResponse,
  type ResultField,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogGroup } from '../history/estimate.ts';
import type { Answer, HistoryLog } from '../history/reading.ts';
import type { Span } from '../history/span.ts';
import { type HistoryQuery, lineField, mostRows, rendered } from '../intake/insights-query.ts';
import type { LogRecord } from '../model/record.ts';
import { second } from '../model/time.ts';
import { backOff } from './effort.ts';

/** Waits before something is tried or asked again. */
export type Pause = (attempt: number) => Promise<void>;

/** An account may have too many queries running, of whoever started them: those end within minutes. */
const mostStarts = 60;
/** A query over a day ends within a minute or two; one that is asked for this often will not. */
const mostPolls = 900;

/** What asks for patience rather than for help. */
const passing: ReadonlySet<string> = new Set([
  'LimitExceededException',
  'ThrottlingException',
  'ServiceUnavailableException',
  'TooManyRequestsException',
]);

/** A client of CloudWatch Logs; a result of many rows takes its time. Without a Region, that of the environment. */
export function logsClient(region: string | undefined): CloudWatchLogsClient {
  const requestHandler = { requestTimeout: 60_000, connectionTimeout: 2_000 };
  return new CloudWatchLogsClient({ maxAttempts: 3, requestHandler, ...(region === undefined ? {} : { region }) });
}

/** What is known of a log group; absent where there is none of the name. */
export async function describeLogGroup(client: CloudWatchLogsClient, name: string): Promise<LogGroup | undefined> {
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  // The group itself comes first of all that begin with its name.
  const group = logGroups.find((one) => one.logGroupName === name);
  const [, , , region = '', account = ''] = (group?.arn ?? '').split(':');
  if (group === undefined) return undefined;
  return {
    name,
    account,
    region,
    storedBytes: group.storedBytes ?? 0,
    created: group.creationTime ?? 0,
    retentionDays: group.retentionInDays,
  };
}

/** The history of a log group, asked through CloudWatch Logs Insights. */
export class InsightsHistory implements HistoryLog {
  private readonly client: CloudWatchLogsClient;
  private readonly group: string;
  private readonly pause: Pause;

  constructor(client: CloudWatchLogsClient, group: string, pause: Pause = backOff) {
    this.client = client;
    this.group = group;
    this.pause = pause;
  }

  async ask(question: HistoryQuery, span: Span): Promise<Answer> {
    const answer = await this.run(rendered(question), span);
    if ('failure' in answer) return answer;
    const { id, results, scanned } = answer;
    return { lines: results.map((row, position) => recordIn(row, id, position)), scanned };
  }

  /** The rows of a question that adds up, by field. */
  async rows(query: string, span: Span): Promise<{ readonly rows: readonly Readonly<Record<string, string>>[] } | Failure> {
    const answer = await this.run(query, span);
    if ('failure' in answer) return answer;
    return { rows: answer.results.map((row) => Object.fromEntries(row.map(({ field = '', value = '' }) => [field, value]))) };
  }

  private async run(query: string, span: Span): Promise<Result | Failure> {
    const id = await this.start(query, span);
    if (id === undefined) return { failure: 'the account runs too many queries', scanned: 0 };
    let result: GetQueryResultsResponse = {};
    for (let poll = 0; poll < mostPolls; poll += 1) {
      await this.pause(poll);
      result = (await this.patiently(() => this.client.send(new GetQueryResultsCommand({ queryId: id })))) ?? result;
      const scanned = result.statistics?.bytesScanned ?? 0;
      if (result.status === 'Complete') return { id, results: result.results ?? [], scanned };
      if (result.status !== 'Running' && result.status !== 'Scheduled')
        return { failure: `the query ended as ${result.status ?? 'unknown'}`, scanned };
    }
    await this.stop(id);
    return { failure: 'the query did not end', scanned: result.statistics?.bytesScanned ?? 0 };
  }

  /** Both ends belong to the span that Insights takes: lines of the last second may come twice, and teach once. */
  private async start(queryString: string, { from, to }: Span): Promise<string | undefined> {
    const query = new StartQueryCommand({
      logGroupName: this.group,
      queryString,
      startTime: Math.floor(from / second),
      endTime: Math.ceil(to / second),
      limit: mostRows,
    });
    return (await this.patiently(() => this.client.send(query)))?.queryId;
  }

  /** A query that goes on unasked goes on costing money. */
  private async stop(id: string): Promise<void> {
    await this.patiently(() => this.client.send(new StopQueryCommand({ queryId: id })));
  }

  /** Tries again while quotas say so; absent where they never cease to. */
  private async patiently<T>(send: () => Promise<T>): Promise<T | undefined> {
    for (let attempt = 0; attempt < mostStarts; attempt += 1) {
      try {
        return await send();
      } catch (error) {
        if (!(error instanceof Error) || !passing.has(error.name)) throw error;
        await this.pause(attempt);
      }
    }
    return undefined;
  }
}

interface Failure {
  readonly failure: string;
  readonly scanned: number;
}

interface Result {
  readonly id: string;
  readonly results: readonly (readonly ResultField[])[];
  readonly scanned: number;
}

function recordIn(row: readonly ResultField[], query: string, position: number): LogRecord {
  const fields = new Map(row.map(({ field, value }) => [field, value]));
  const id = fields.get('@ptr') ?? `${query} ${String(position)}`;
  const message = fields.get('@message') ?? fields.get(lineField) ?? '';
  // `2026-03-09 10:15:00.123`, in UTC.
  const taken = Date.parse(`${(fields.get('@timestamp') ?? '').replace(' ', 'T')}Z`);
  return Number.isNaN(taken) ? { id, message } : { id, message, ingested: taken };
}

import { randomUUID } from 'node:crypto';
import { answerTo, type StoredLine } from './insights-language.ts';
import { LocalHttp } from './http.ts';

type Status = 'Scheduled' | 'Running' | 'Complete' | 'Failed' | 'Timeout' | 'Cancelled';

interface Query {
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly scanned: number;
  /** What polls are told, one after the other; the last for good. */
  readonly statuses: Status[];
}

/** A log group of the local server. */
export interface StoredGroup {
  readonly name: string;
  readonly created: number;
  readonly retentionDays?: number;
  readonly lines: readonly StoredLine[];
}

class Refusal extends Error {}

const ordinary: readonly Status[] = ['Scheduled', 'Running', 'Complete'];

/**
 * CloudWatch Logs as far as it is asked here: log groups, and queries of Logs Insights that are evaluated over the lines
 * of a group. Sources: CloudWatch Logs API reference, `StartQuery`, `GetQueryResults`, `StopQuery`, `DescribeLogGroups`.
 */
export class LocalLogs {
  /** Errors to answer the next requests of an action with. */
  readonly refusals: Record<string, string[]> = {};
  /** How the next queries go; then as usual. */
  readonly courses: (readonly Status[])[] = [];
  /** Queries that may run at once. */
  mostRunning = 100;
  /** The most queries that ran at once so far. */
  ranAtOnce = 0;
  readonly stopped: string[] = [];
  readonly asked: { readonly query: string; readonly from: number; readonly to: number }[] = [];
  private readonly http: LocalHttp;
  private readonly groups: readonly StoredGroup[];
  private readonly queries = new Map<string, Query>();

  private constructor(http: LocalHttp, groups: readonly StoredGroup[]) {
    this.http = http;
    this.groups = groups;
  }

  static async start(groups: readonly StoredGroup[]): Promise<LocalLogs> {
    const http = await LocalHttp.start({ status: 500 });
    const logs = new LocalLogs(http, groups);
    http.usual = ({ headers, body }) => {
      const action = String(headers['x-amz-target']).replace('Logs_20140328.', '');
      const type = { 'content-type': 'application/x-amz-json-1.1' };
      try {
        const refusal = logs.refusals[action]?.shift();
        if (refusal !== undefined) throw new Refusal(refusal);
        return { status: 200, headers: type, body: JSON.stringify(logs.answer(action, JSON.parse(body) as Record<string, unknown>)) };
      } catch (error) {
        const name = error instanceof Refusal ? error.message : 'MalformedQueryException';
        return { status: 400, headers: type, body: JSON.stringify({ __type: name, message: String(error) }) };
      }
    };
    return logs;
  }

  get url(): string {
    return this.http.url;
  }

  async stop(): Promise<void> {
    await this.http.stop();
  }

  private answer(action: string, input: Readonly<Record<string, unknown>>): unknown {
    const id = String(input['queryId']);
    switch (action) {
      case 'DescribeLogGroups':
        return { logGroups: this.groups.filter(({ name }) => name.startsWith(String(input['logGroupNamePrefix']))).map(described) };
      case 'StartQuery':
        return this.begin(input);
      case 'GetQueryResults':
        return this.poll(id);
      case 'StopQuery':
        this.stopped.push(id);
        this.queries.get(id)?.statuses.splice(0, Infinity, 'Cancelled');
        return { success: true };
      default:
        throw new Refusal('InvalidParameterException');
    }
  }

  private begin(input: Readonly<Record<string, unknown>>): unknown {
    const group = this.groups.find(({ name }) => name === input['logGroupName']);
    if (group === undefined) throw new Refusal('ResourceNotFoundException');
    const running = [...this.queries.values()].filter(({ statuses }) => isRunning(statuses)).length;
    if (running >= this.mostRunning) throw new Refusal('LimitExceededException');
    this.ranAtOnce = Math.max(this.ranAtOnce, running + 1);
    const [query, from, to, limit] = [
      String(input['queryString']),
      Number(input['startTime']),
      Number(input['endTime']),
      Number(input['limit']),
    ];
    if (query.length > 10_000) throw new Error('the query is too long');
    this.asked.push({ query, from, to });
    const inside = group.lines.filter(({ time }) => time >= from * 1000 && time <= to * 1000);
    // Without a sort, the newest come first.
    const newestFirst = [...inside].sort((a, b) => b.time - a.time);
    const id = randomUUID();
    this.queries.set(id, {
      rows: answerTo(query, newestFirst).slice(0, limit),
      scanned: sizeOf(inside),
      statuses: [...(this.courses.shift() ?? ordinary)],
    });
    return { queryId: id };
  }

  private poll(id: string): unknown {
    const query = this.queries.get(id);
    if (query === undefined) throw new Refusal('ResourceNotFoundException');
    const [status = 'Complete'] = query.statuses;
    if (query.statuses.length > 1) query.statuses.shift();
    const results = status === 'Complete' ? query.rows.map((row) => Object.entries(row).map(([field, value]) => ({ field, value }))) : [];
    return { status, results, statistics: { bytesScanned: query.scanned, recordsMatched: results.length, recordsScanned: 0 } };
  }
}

function isRunning(statuses: readonly Status[]): boolean {
  return statuses[0] === 'Scheduled' || statuses[0] === 'Running';
}

function sizeOf(lines: readonly StoredLine[]): number {
  return lines.reduce((sum, { message }) => sum + message.length, 0);
}

function described({ name, created, retentionDays, lines }: StoredGroup): unknown {
  const arn = `arn:aws:logs:eu-central-1:111122223333:log-group:${name}:*`;
  return {
    logGroupName: name,
    arn,
    creationTime: created,
    storedBytes: sizeOf(lines),
    ...(retentionDays && { retentionInDays: retentionDays }),
  };
}

import type { StoredLine } from '../../shared/intake/cutting.ts';
import { LocalHttp } from './http.ts';

/**
 * CloudWatch Logs and Lambda as far as they are asked here. Pages hold two lines, and every other is empty. Sources: CloudWatch
 * Logs API reference, `FilterLogEvents`, `DescribeLogGroups`, `DescribeSubscriptionFilters`; Lambda API reference, `Invoke`.
 */
export class LocalAccount {
  private readonly group: string;
  private readonly created: number;
  lines: StoredLine[] = [];
  readonly invoked: string[] = [];
  readonly pages: Readonly<Record<string, unknown>>[] = [];
  /** Answers to the next pages in place of lines: errors by name. */
  refusals: string[] = [];
  failing: (data: string) => boolean = () => false;
  destination: string | undefined = 'arn:aws:lambda:eu-central-1:111122223333:function:Plimsoll-AnalyseAudit';
  private readonly http: LocalHttp;

  private constructor(http: LocalHttp, group: string, created: number) {
    this.http = http;
    this.group = group;
    this.created = created;
  }

  static async start(group: string, created: number): Promise<LocalAccount> {
    const http = await LocalHttp.start({ status: 500 });
    const account = new LocalAccount(http, group, created);
    http.usual = ({ path, headers, body }) => {
      const input = JSON.parse(body) as Record<string, unknown>;
      const action = String(headers['x-amz-target']).replace('Logs_20140328.', '');
      const type = { 'content-type': 'application/x-amz-json-1.1' };
      if (path.includes('/invocations')) return account.invoke(path, input);
      const refusal = action === 'FilterLogEvents' ? account.refusals.shift() : undefined;
      if (refusal !== undefined) return { status: 400, headers: type, body: JSON.stringify({ __type: refusal, message: 'slow down' }) };
      return { status: 200, headers: type, body: JSON.stringify(account.answer(action, input)) };
    };
    return account;
  }

  get url(): string {
    return this.http.url;
  }

  async stop(): Promise<void> {
    await this.http.stop();
  }

  private invoke(path: string, event: Readonly<Record<string, unknown>>) {
    const { data } = event['awslogs'] as { data: string };
    if (this.failing(data))
      return { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body: '{"errorMessage":"out of order"}' };
    this.invoked.push(`${path} ${data}`);
    return { status: 200, body: 'null' };
  }

  private answer(action: string, input: Readonly<Record<string, unknown>>): unknown {
    if (action === 'DescribeLogGroups')
      return {
        logGroups: [
          {
            logGroupName: this.group,
            arn: `arn:aws:logs:eu-central-1:111122223333:log-group:${this.group}:*`,
            creationTime: this.created,
            storedBytes: 4_096,
          },
        ],
      };
    if (action === 'DescribeSubscriptionFilters')
      return {
        subscriptionFilters:
          this.destination === undefined
            ? []
            : [
                { filterName: 'plimsoll-text', destinationArn: 'other' },
                { filterName: 'plimsoll', destinationArn: this.destination },
              ],
      };
    this.pages.push(input);
    const [start, end] = [Number(input['startTime']), Number(input['endTime'])];
    const all = this.lines.filter(({ time }) => time >= start && time <= end);
    const page = Number(input['nextToken'] ?? 0);
    const at = Math.floor(page / 2) * 2;
    const events =
      page % 2 === 0
        ? []
        : all
            .slice(at, at + 2)
            .map(({ id, stream: logStreamName, time: timestamp, message }) => ({ eventId: id, logStreamName, timestamp, message }));
    const isLast = page % 2 === 1 && at + 2 >= all.length;
    return { events, searchedLogStreams: [], ...(isLast ? {} : { nextToken: String(page + 1) }) };
  }
}

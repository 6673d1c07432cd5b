import { type CloudWatchLogsClient, DescribeSubscriptionFiltersCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { filterNames } from '../contract/logs.ts';
import type { Span } from '../history/span.ts';
import type { StoredLine } from '../intake/cutting.ts';
import { backOff } from './effort.ts';
import { Pace, requestsPerSecond } from './pace.ts';

/** How often a page is asked for before the quota is taken to be somebody else's for good. */
const mostAttempts = 30;

/** The lines of a log group, as they lie there. `FilterLogEvents` is not charged for; its quota makes it slow. */
export class StoredLines {
  private readonly client: CloudWatchLogsClient;
  private readonly group: string;
  private readonly pace: Pace;
  private readonly pause: (attempt: number) => Promise<void>;

  constructor(client: CloudWatchLogsClient, group: string, pace = new Pace(requestsPerSecond), pause = backOff) {
    this.client = client;
    this.group = group;
    this.pace = pace;
    this.pause = pause;
  }

  /** All lines of a span. A page may be empty and not be the last. Source: CloudWatch Logs API reference, `FilterLogEvents`. */
  async within({ from, to }: Span): Promise<StoredLine[]> {
    const lines: StoredLine[] = [];
    let nextToken: string | undefined;
    do {
      // Both ends belong to what it answers with.
      const page = await this.patiently(
        new FilterLogEventsCommand({ logGroupName: this.group, startTime: from, endTime: to - 1, nextToken }),
      );
      for (const { eventId: id = '', logStreamName: stream = '', timestamp: time = 0, message = '' } of page.events ?? [])
        lines.push({ id, stream, time, message });
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return lines;
  }

  private async patiently(command: FilterLogEventsCommand) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.pace.take(() => this.client.send(command));
      } catch (error) {
        const passes = error instanceof Error && /^(?:Throttling|ServiceUnavailable|TooManyRequests)/.test(error.name);
        if (!passes || attempt >= mostAttempts) throw error;
        await this.pause(attempt);
      }
    }
  }
}

/** Where our filter on a log group delivers to; absent where there is none. */
export async function destinationOf(client: CloudWatchLogsClient, group: string): Promise<string | undefined> {
  const { subscriptionFilters = [] } = await client.send(
    new DescribeSubscriptionFiltersCommand({ logGroupName: group, filterNamePrefix: filterNames.main }),
  );
  return subscriptionFilters.find(({ filterName }) => filterName === filterNames.main)?.destinationArn;
}

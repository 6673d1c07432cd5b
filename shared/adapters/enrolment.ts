import {
  CloudWatchLogsClient,
  DeleteSubscriptionFilterCommand,
  DescribeSubscriptionFiltersCommand,
  paginateDescribeLogGroups,
  PutSubscriptionFilterCommand,
  type SubscriptionFilter,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Cluster, DescribeClusterCommand, EKSClient, paginateListClusters } from '@aws-sdk/client-eks';
import type { EnrolmentPort } from '../enrolment/enrolling.ts';
import { clusterOf, type Found, type FoundCluster, type FoundFilter, type FoundGroup, type Unread } from '../enrolment/found.ts';
import type { WantedFilter } from '../enrolment/group-plan.ts';
import { inParallel } from './effort.ts';
import { Pace, requestsPerSecond } from './pace.ts';

const patience = { maxAttempts: 5, requestHandler: { requestTimeout: 10_000, connectionTimeout: 2_000 } };

/** `DescribeCluster` has no published quota; this is as many as the console asks for at once. */
const clustersAtOnce = 4;

/** Clusters, their log groups and subscription filters, of EKS and CloudWatch Logs. */
export class AwsEnrolment implements EnrolmentPort {
  private readonly eks: EKSClient;
  private readonly logs: CloudWatchLogsClient;
  private readonly pace: Pace;

  constructor(eks = new EKSClient(patience), logs = new CloudWatchLogsClient(patience), pace = new Pace(requestsPerSecond)) {
    this.eks = eks;
    this.logs = logs;
    this.pace = pace;
  }

  async look(named: ReadonlySet<string>): Promise<Found> {
    const names: string[] = [];
    for await (const { clusters = [] } of paginateListClusters({ client: this.eks }, {})) names.push(...clusters);
    const unread: Unread[] = [];
    const clusters = await inParallel(
      names.filter((name) => !named.has(name)),
      clustersAtOnce,
      async (name) => {
        try {
          const { cluster } = await this.eks.send(new DescribeClusterCommand({ name }));
          return cluster === undefined ? [] : [clusterFrom(name, cluster)];
        } catch (error) {
          // Deleted since it was listed.
          if (!isMissing(error)) unread.push({ cluster: name, why: textOf(error) });
          return [];
        }
      },
    );
    const groups: FoundGroup[] = [];
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: this.logs }, { logGroupNamePrefix: '/aws/eks/' })) {
      for (const { logGroupName: name = '', logGroupClass: logClass = 'STANDARD' } of logGroups) {
        const cluster = clusterOf(name);
        if (cluster === undefined || named.has(cluster)) continue;
        try {
          groups.push({ name, cluster, logClass, filters: await this.filtersOf(name) });
        } catch (error) {
          if (!isMissing(error)) unread.push({ cluster, why: textOf(error) });
        }
      }
    }
    return { clusters: clusters.flat(), groups, unread };
  }

  async filtersOf(group: string): Promise<readonly FoundFilter[]> {
    const filters: FoundFilter[] = [];
    let nextToken: string | undefined;
    do {
      const request = new DescribeSubscriptionFiltersCommand({ logGroupName: group, nextToken });
      const answer = await this.pace.take(() => this.logs.send(request));
      filters.push(...(answer.subscriptionFilters ?? []).map(filterFrom));
      nextToken = answer.nextToken;
    } while (nextToken !== undefined);
    return filters;
  }

  async put(group: string, { name, pattern, destination, role, distribution }: WantedFilter): Promise<void> {
    const request = new PutSubscriptionFilterCommand({
      logGroupName: group,
      filterName: name,
      filterPattern: pattern,
      destinationArn: destination,
      roleArn: role,
      distribution,
    });
    await this.pace.take(() => this.logs.send(request));
  }

  async remove(group: string, filter: string): Promise<void> {
    const request = new DeleteSubscriptionFilterCommand({ logGroupName: group, filterName: filter });
    try {
      await this.pace.take(() => this.logs.send(request));
    } catch (error) {
      // Gone is what it should be.
      if (!isMissing(error)) throw error;
    }
  }
}

/** On where a group that is enabled names it: EKS answers with several. Source: Amazon EKS API reference, `DescribeCluster`. */
function clusterFrom(name: string, { status, tags = {}, logging }: Cluster): FoundCluster {
  const audited = (logging?.clusterLogging ?? []).some(({ enabled, types }) => enabled === true && types?.includes('audit') === true);
  return { name, status: status ?? '', tags, audited };
}

function filterFrom({
  filterName = '',
  filterPattern = '',
  destinationArn = '',
  roleArn,
  distribution,
  ...rest
}: SubscriptionFilter): FoundFilter {
  const altered =
    rest.applyOnTransformedLogs === true || (rest.fieldSelectionCriteria ?? '') !== '' || (rest.emitSystemFields ?? []).length > 0;
  return {
    name: filterName,
    pattern: filterPattern,
    destination: destinationArn,
    ...(roleArn === undefined ? {} : { role: roleArn }),
    ...(distribution === undefined ? {} : { distribution }),
    ...(altered ? { altered } : {}),
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'ResourceNotFoundException';
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

import { type CloudWatchLogsClient, paginateDescribeLogGroups, paginateDescribeSubscriptionFilters } from '@aws-sdk/client-cloudwatch-logs';
import { type Cluster, DescribeClusterCommand, type EKSClient, paginateListClusters } from '@aws-sdk/client-eks';
import type { Asked, ClusterDetails, ClusterFacts, LogGroupFacts } from '../coverage/facts.ts';
import { allOf, asked, askedOf } from './coverage-asked.ts';
import { inParallel } from './effort.ts';

/** Clusters asked after at once. */
const atOnce = 4;

/** Every cluster of the Region. One that goes between the list and the question is left out. */
export function clustersOf(eks: EKSClient, logs: CloudWatchLogsClient): Promise<Asked<readonly ClusterFacts[]>> {
  return asked(async () => {
    const names = await allOf(paginateListClusters({ client: eks }, {}), ({ clusters }) => clusters);
    const found: ClusterFacts[] = [];
    await inParallel(names, atOnce, async (name) => {
      const [details, written] = await Promise.all([
        askedOf(async () => detailsOf((await eks.send(new DescribeClusterCommand({ name }))).cluster)),
        logGroupOf(logs, `/aws/eks/${name}/cluster`),
      ]);
      if ('unknown' in details) found.push({ name, details, written });
      else if (details.value !== undefined) found.push({ name, details: { value: details.value }, written });
    });
    return found.sort((one, other) => (one.name < other.name ? -1 : 1));
  });
}

/** Several groups of types, on and off. Source: Amazon EKS API reference, `Logging`. */
function detailsOf(cluster: Cluster | undefined): ClusterDetails | undefined {
  if (cluster === undefined) return undefined;
  const { status = '', tags = {}, createdAt, resourcesVpcConfig: network, logging, accessConfig } = cluster;
  return {
    status,
    tags,
    created: createdAt?.getTime() ?? 0,
    vpc: network?.vpcId ?? '',
    logs: [...new Set((logging?.clusterLogging ?? []).flatMap(({ enabled, types }) => (enabled === true ? (types ?? []) : [])))],
    publicEndpoint: network?.endpointPublicAccess === true,
    publicRanges: network?.publicAccessCidrs ?? [],
    accessMode: accessConfig?.authenticationMode ?? '',
  };
}

/** A log group by its name, and its filters. */
export function logGroupOf(client: CloudWatchLogsClient, name: string): Promise<Asked<LogGroupFacts | undefined>> {
  return askedOf(async () => {
    // The group itself comes first of all that begin with its name.
    const groups = await allOf(paginateDescribeLogGroups({ client }, { logGroupNamePrefix: name }), (page) => page.logGroups);
    const group = groups.find(({ logGroupName }) => logGroupName === name);
    if (group === undefined) return undefined;
    const filters = await asked(async () =>
      (
        await allOf(
          paginateDescribeSubscriptionFilters({ client }, { logGroupName: name }),
          ({ subscriptionFilters }) => subscriptionFilters,
        )
      ).map(({ filterName = '', filterPattern = '', destinationArn = '' }) => ({
        name: filterName,
        pattern: filterPattern,
        destination: destinationArn,
      })),
    );
    return { name, arn: group.arn ?? '', retentionDays: group.retentionInDays, filters };
  });
}

import { Arn, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

import { type FilterChoice, hubDestination } from '../shared/contract/logs.ts';
import { callRules } from './api-rules.ts';
import type { Cluster } from './config.ts';
import { Problems, fields } from './config-fields.ts';
import { controlPlaneFilters } from './subscription-pattern.ts';

/** What a user says about an account that is watched from another one. */
export interface SpokeConfiguration {
  /** Where Plimsoll runs: its configuration names this account among its `spokes`. */
  readonly hub: { readonly account: string; readonly region: string };
  /** Every EKS cluster of this account to watch, all of them in the hub's Region. */
  readonly clusters: readonly Cluster[];
  /** As in the hub's configuration. */
  readonly filter?: FilterChoice;
}

/** What {@link SpokeStack} and {@link GlobalSpokeStack} need. */
export interface SpokeStackProps extends StackProps {
  readonly configuration: SpokeConfiguration;
}

/** Sends the control-plane logs of an account's clusters, and its calls, to the hub. It holds no state and no function. */
export class SpokeStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, ...props }: SpokeStackProps) {
    super(scope, id, { description: 'Plimsoll: sends logs and calls of this account to where they are judged', ...props });
    const { hub, clusters, filter = 'derived' } = configuration;
    const destinationArn = `arn:${this.partition}:logs:${hub.region}:${hub.account}:destination:${hubDestination}`;
    for (const { name: cluster } of clusters) {
      let before: CfnSubscriptionFilter | undefined;
      for (const { name, pattern } of controlPlaneFilters(filter)) {
        const put = new CfnSubscriptionFilter(this, `${cluster} ${name}`, {
          logGroupName: `/aws/eks/${cluster}/cluster`,
          filterName: name,
          filterPattern: pattern,
          destinationArn,
          distribution: 'Random',
        });
        // CloudWatch Logs refuses two changes of one log group at once.
        if (before !== undefined) put.addResourceDependency(before);
        before = put;
      }
    }
    callRules(this, hubBus(this, hub));
  }
}

/** Sends calls on global services, which are recorded in us-east-1 alone, to the hub. For the hub's own account, too, where it is elsewhere. */
export class GlobalSpokeStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, ...props }: SpokeStackProps) {
    super(scope, id, { description: 'Plimsoll: sends calls on IAM and STS to where they are judged', ...props });
    callRules(this, hubBus(this, configuration.hub), 'global');
  }
}

function hubBus(stack: Stack, { account, region }: SpokeConfiguration['hub']): BusTarget {
  const arn = Arn.format({ service: 'events', account, region, resource: 'event-bus', resourceName: 'default' }, stack);
  const role = new Role(stack, 'Forwarder', {
    assumedBy: new ServicePrincipal('events.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
  });
  role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [arn] }));
  // CDK would say it again for every rule.
  return new BusTarget(EventBus.fromEventBusArn(stack, 'Hub', arn), { role: role.withoutPolicyUpdates() });
}

/** Returns what it was given when that is a sound configuration; otherwise throws once, with every problem. */
export function checkSpoke(given: unknown): SpokeConfiguration {
  const problems = new Problems();
  const { hub, clusters, filter } = problems.object('', given, ['hub', 'clusters', 'filter']);
  const { account, region } = problems.object('hub', hub, ['account', 'region']);
  problems.required('hub.account', account, fields.accountId);
  problems.required('hub.region', region, fields.region);
  for (const [index, cluster] of problems.list('clusters', clusters).entries()) {
    const path = `clusters[${String(index)}]`;
    problems.required(`${path}.name`, problems.object(path, cluster, ['name'])['name'], fields.clusterName);
  }
  problems.field('filter', filter, fields.filter);
  problems.throwIfAny('infra/plimsoll.spoke.ts');
  return given as SpokeConfiguration;
}

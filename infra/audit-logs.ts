import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import type { FilterChoice } from '../shared/contract/logs.ts';
import type { Cluster } from './config.ts';
import { type LineTaker, LogSubscription } from './log-subscription.ts';
import { controlPlaneFilters } from './subscription-pattern.ts';

/** The log group that EKS writes the logs of a cluster's control plane to. */
export const controlPlaneGroup = (cluster: string) => `/aws/eks/${cluster}/cluster`;

/** The control-plane log groups of the watched clusters. EKS makes each when logging is enabled, which comes before this stack. */
export class AuditLogs extends Construct {
  readonly subscriptions: readonly LogSubscription[];

  constructor(
    scope: Construct,
    id: string,
    { clusters, filter, taker }: { readonly clusters: readonly Cluster[]; readonly filter: FilterChoice; readonly taker: LineTaker },
  ) {
    super(scope, id);
    const filters = controlPlaneFilters(filter);
    this.subscriptions = clusters.map(({ name }) => {
      const logGroup = LogGroup.fromLogGroupName(this, `Imported ${name}`, controlPlaneGroup(name));
      return new LogSubscription(this, name, {
        logGroup,
        filters,
        taker,
        label: `the control plane of ${name}`,
        ownLines: 1,
      });
    });
  }
}

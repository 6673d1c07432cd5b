import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import type { FilterChoice } from '../shared/contract.ts';
import type { Cluster } from './config.ts';
import { type LineTaker, LogSubscription } from './log-subscription.ts';
import { controlPlaneFilters } from './subscription-pattern.ts';

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
      const logGroup = LogGroup.fromLogGroupName(this, `Imported ${name}`, `/aws/eks/${name}/cluster`);
      return new LogSubscription(this, name, {
        logGroup,
        filters,
        taker,
        label: `the control plane of ${name}`,
      });
    });
  }
}

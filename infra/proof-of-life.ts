import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

import { environment } from '../shared/contract/environment.ts';
import { proofOfLife } from '../shared/contract/logs.ts';
import { controlPlaneGroup } from './audit-logs.ts';
import type { Cluster } from './config.ts';
import type { FailureStore } from './failure-store.ts';
import { Handler, keepFailures, type Surroundings } from './handler.ts';

/** What {@link ProofOfLife} needs. */
export interface ProofOfLifeProps {
  readonly clusters: readonly Cluster[];
  readonly surroundings: Surroundings;
  readonly failures: FailureStore;
}

/** Writes a line of ours into the log group of every watched cluster, to see it come out of the other end of the pipeline. */
export class ProofOfLife extends Construct {
  readonly handler: Handler;
  /** Names of the clusters whose path is proved. */
  readonly clusters: readonly string[];

  constructor(scope: Construct, id: string, { clusters, surroundings, failures }: ProofOfLifeProps) {
    super(scope, id);
    this.clusters = clusters.map(({ name }) => name);
    const groups = this.clusters.map(controlPlaneGroup);
    this.handler = new Handler(this, 'ProveLife', {
      name: 'prove-life',
      description: 'Plimsoll: writes a line into watched log groups that must come out at the other end',
      surroundings,
      memorySize: 256,
      ...keepFailures(failures),
      environment: { [environment.provedGroups]: JSON.stringify(groups) },
    });
    const stack = Stack.of(this);
    const resources = groups.map((group) =>
      Arn.format(
        {
          service: 'logs',
          resource: 'log-group',
          resourceName: `${group}:log-stream:${proofOfLife.stream}`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        },
        stack,
      ),
    );
    // Its own streams and no audit stream: whoever takes over this function cannot write events.
    this.handler.addToRolePolicy(new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources }));
  }
}

import { Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { CfnDestination } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import { hubDestination } from '../shared/contract/logs.ts';
import type { LogRelay } from './log-relay.ts';

/** What {@link Hub} needs. */
export interface HubProps {
  /** Accounts that are watched from here. */
  readonly spokes: readonly string[];
  /** The data stream before the function that judges control planes: CloudWatch Logs delivers across accounts to nothing else. */
  readonly relay: LogRelay;
}

/**
 * What lets other accounts send here: a destination for the log groups of their clusters, and the event bus for their calls.
 * Nobody can send events of AWS's services but EventBridge itself. Sources: CloudWatch Logs user guide, "Cross-account
 * subscriptions using Kinesis Data Streams"; Amazon EventBridge API reference, `PutEvents`.
 */
export class Hub extends Construct {
  constructor(scope: Construct, id: string, { spokes, relay }: HubProps) {
    super(scope, id);
    const { account, partition, region } = Stack.of(this);
    const { arn, role } = relay.hear(spokes);
    new CfnDestination(this, 'Destination', {
      destinationName: hubDestination,
      targetArn: arn,
      roleArn: role.roleArn,
      destinationPolicy: Stack.of(this).toJsonString({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: spokes },
            Action: 'logs:PutSubscriptionFilter',
            Resource: `arn:${partition}:logs:${region}:${account}:destination:${hubDestination}`,
          },
        ],
      }),
    }).node.addDependency(role);
    for (const spoke of spokes)
      new CfnEventBusPolicy(this, `Events ${spoke}`, {
        statementId: `Plimsoll-${spoke}`,
        statement: {
          Effect: 'Allow',
          Principal: { AWS: `arn:${partition}:iam::${spoke}:root` },
          Action: 'events:PutEvents',
          Resource: `arn:${partition}:events:${region}:${account}:event-bus/default`,
        },
      });
  }
}

import { Stack } from 'aws-cdk-lib';
import { CfnFlowLog } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import { flowFormat } from '../shared/contract/logs.ts';
import type { CreatedFlowLogs } from './config.ts';
import type { Surroundings } from './handler.ts';
import { pin } from './pinned.ts';

/** A flow log of one VPC, in the format that attribution to pods needs, and the log group it writes to. */
export class VpcFlowLog extends Construct {
  readonly logGroup: LogGroup;

  constructor(
    scope: Construct,
    id: string,
    { vpcId, retentionDays = RetentionDays.ONE_MONTH, surroundings }: CreatedFlowLogs & { readonly surroundings: Surroundings },
  ) {
    super(scope, id);
    const { account, partition, region } = Stack.of(this);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: retentionDays,
      encryptionKey: surroundings.key,
      removalPolicy: surroundings.removalPolicy,
    });
    pin(this.logGroup, `FlowLogGroup${vpcId.replace('vpc-', '')}`);
    // Source: Amazon VPC user guide, "IAM role for publishing flow logs to CloudWatch Logs", confused deputy included.
    const role = new Role(this, 'Delivery', {
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:ec2:${region}:${account}:vpc-flow-log/*` },
        },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
        resources: [this.logGroup.logGroupArn],
      }),
    );
    new CfnFlowLog(this, 'FlowLog', {
      resourceType: 'VPC',
      resourceId: vpcId,
      trafficType: 'ALL',
      logDestinationType: 'cloud-watch-logs',
      logGroupName: this.logGroup.logGroupName,
      deliverLogsPermissionArn: role.roleArn,
      // Beacons shorter than the interval merge into one record; 60 s is the shortest there is.
      maxAggregationInterval: 60,
      logFormat: flowFormat
        .split(' ')
        .map((field) => `\${${field}}`)
        .join(' '),
    });
  }
}

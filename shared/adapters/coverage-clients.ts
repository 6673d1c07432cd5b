import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EKSClient } from '@aws-sdk/client-eks';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';

/** Where to ask: without a Region that of the environment; an endpoint and credentials for whoever answers in place of AWS. */
export interface AskingAt {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The clients of the coverage check. */
export type CoverageClients = ReturnType<typeof coverageClients>;

/**
 * Clients that ask no faster than they are answered: `DescribeCluster` and its like are throttled by the account, and other
 * people's tools ask, too. Source: AWS SDK, retry mode `adaptive`.
 */
export function coverageClients(where: AskingAt) {
  const settings = {
    maxAttempts: 5,
    retryMode: 'adaptive',
    requestHandler: { requestTimeout: 10_000, connectionTimeout: 2_000 },
    ...where,
  };
  return {
    eks: new EKSClient(settings),
    logs: new CloudWatchLogsClient(settings),
    ec2: new EC2Client(settings),
    cloudTrail: new CloudTrailClient(settings),
    lambda: new LambdaClient(settings),
    events: new EventBridgeClient(settings),
    scheduler: new SchedulerClient(settings),
    dynamoDb: new DynamoDBClient(settings),
    sns: new SNSClient(settings),
    cloudWatch: new CloudWatchClient(settings),
  };
}

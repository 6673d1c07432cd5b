import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

/** A request that hangs must fail while its invocation still has time to try again. */
const patience = { requestTimeout: 5_000, connectionTimeout: 2_000 };

/** A client of DynamoDB; credentials and endpoint come from the environment, and the Region, unless it is given. */
export function dynamoDbClient(region?: string): DynamoDBClient {
  return new DynamoDBClient({ maxAttempts: 5, requestHandler: patience, ...(region === undefined ? {} : { region }) });
}

/** A client of CloudWatch Logs, to write with. */
export function cloudWatchLogsClient(): CloudWatchLogsClient {
  return new CloudWatchLogsClient({ maxAttempts: 5, requestHandler: patience });
}

/** A client of SNS. */
export function snsClient(): SNSClient {
  return new SNSClient({ maxAttempts: 5, requestHandler: patience });
}

/** A client of SQS. */
export function sqsClient(): SQSClient {
  return new SQSClient({ maxAttempts: 5, requestHandler: patience });
}

/** A client of S3; the buckets of others may lie in other Regions. */
export function s3Client(): S3Client {
  return new S3Client({ maxAttempts: 3, requestHandler: patience, followRegionRedirects: true });
}

/** A client of Secrets Manager. */
export function secretsClient(): SecretsManagerClient {
  return new SecretsManagerClient({ maxAttempts: 5, requestHandler: patience });
}

/** A client of Security Hub. */
export function securityHubClient(): SecurityHubClient {
  return new SecurityHubClient({ maxAttempts: 5, requestHandler: patience });
}

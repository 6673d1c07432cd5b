import type { Request } from './iam.ts';

/**
 * Permissions that a call needs besides its own because what it touches is encrypted with a key of the customer: the
 * service uses the key for the caller. Sources: DynamoDB developer guide, "How DynamoDB uses AWS KMS"; SNS developer
 * guide, "Key management"; SQS developer guide, "Key management"; Secrets Manager uses its own key here.
 */
const onKey: Readonly<Record<string, readonly string[]>> = {
  dynamodb: ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'DescribeKey'],
  'sns:Publish': ['GenerateDataKey', 'Decrypt'],
  'sqs:SendMessage': ['GenerateDataKey', 'Decrypt'],
  'sqs:ReceiveMessage': ['Decrypt'],
  's3:PutObject': ['GenerateDataKey', 'Decrypt'],
  's3:GetObject': ['Decrypt'],
};

/** What a request on something encrypted with `key` asks of that key. */
export function keyRequests({ action }: Request, key: string, region: string): readonly Request[] {
  const [service = ''] = action.split(':');
  const operations = onKey[action] ?? onKey[service] ?? [];
  return operations.map((operation) => ({
    action: `kms:${operation}`,
    resource: key,
    context: { 'kms:viaservice': `${service}.${region}.amazonaws.com` },
  }));
}

/**
 * What Lambda does with a function's own role to run it at all. Sources: Lambda developer guide, "Sending function logs
 * to CloudWatch Logs", "Using Lambda with Amazon SQS", "Using Lambda with DynamoDB", "Retaining records of asynchronous
 * invocations".
 */
export const asLambda = {
  log: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  sqs: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
  dynamodb: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
  failures: ['s3:ListBucket', 's3:PutObject'],
} as const;

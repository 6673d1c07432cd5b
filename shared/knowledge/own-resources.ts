import { stackName } from '../contract/deployed.ts';
import type { ApiEvent } from '../model/api.ts';
import type { Severity } from '../model/finding.ts';
import { type JsonObject, at, number, text, texts } from '../model/json.ts';
import { isMonitoringGroup, logGroupOf } from './monitoring.ts';

/** A call that can impair this product when it names one of its resources. */
export interface OwnCall {
  readonly severity: Severity;
  readonly did: readonly [did: string, todo: string];
  readonly consequence: string;
  /** Whether the call as made impairs anything. */
  readonly harms: (parameters: JsonObject) => boolean;
}

function call(severity: Severity, did: OwnCall['did'], consequence: string, harms: OwnCall['harms'] = () => true): OwnCall {
  return { severity, did, consequence, harms };
}

const deleted = ['deleted', 'delete'] as const;
const changed = ['changed', 'change'] as const;
const unheard = 'events of its source may no longer arrive';
const unjudged = 'what it was to do is no longer done as deployed';
const untold = 'alerts may no longer reach people';
const unremembered = 'findings and baselines may be lost';
const powerless = 'its functions may no longer do their work';
const unkept = 'what its functions failed on may be lost or read by others';

/** Calls by service and action. Source: infra/, by the services it uses; API references of those services. */
export const ownCalls: Readonly<Record<string, OwnCall>> = {
  'cloudformation:DeleteStack': call('critical', deleted, 'nothing is judged once its resources are gone'),
  'cloudformation:UpdateTerminationProtection': call(
    'medium',
    ['unprotected', 'unprotect'],
    'it can be deleted with one call',
    (parameters) => parameters['enableTerminationProtection'] === false,
  ),
  // A new version comes this way, and so may another template.
  'cloudformation:UpdateStack': call('medium', changed, 'its resources may be others from now on'),
  'cloudformation:ExecuteChangeSet': call('medium', changed, 'its resources may be others from now on'),
  'cloudformation:ContinueUpdateRollback': call('medium', changed, 'its resources may be others from now on'),
  'cloudformation:RollbackStack': call('medium', changed, 'its resources may be others from now on'),
  'cloudformation:SetStackPolicy': call('medium', changed, 'what an update may replace is no longer what it was'),
  'events:DisableRule': call('critical', ['disabled', 'disable'], unheard),
  'events:DeleteRule': call('critical', deleted, unheard),
  'events:RemoveTargets': call('critical', ['disconnected', 'disconnect'], unheard),
  'events:PutRule': call('high', changed, unheard),
  'events:PutTargets': call('high', ['redirected', 'redirect'], 'its events may go elsewhere'),
  'scheduler:UpdateSchedule': call('high', changed, unjudged),
  'scheduler:DeleteSchedule': call('critical', deleted, unjudged),
  'scheduler:DeleteScheduleGroup': call('critical', deleted, unjudged),
  'lambda:DeleteFunction': call('critical', deleted, unjudged),
  'lambda:UpdateFunctionCode': call('critical', ['replaced the code of', 'replace the code of'], unjudged),
  'lambda:UpdateFunctionConfiguration': call('high', ['configured', 'configure'], unjudged),
  'lambda:PutFunctionConcurrency': call(
    'critical',
    ['throttled', 'throttle'],
    unjudged,
    (parameters) => (number(parameters['reservedConcurrentExecutions']) ?? 0) < 5,
  ),
  'lambda:PutFunctionEventInvokeConfig': call('high', ['configured', 'configure'], 'what it fails on may be lost'),
  'lambda:UpdateFunctionEventInvokeConfig': call('high', ['configured', 'configure'], 'what it fails on may be lost'),
  'lambda:DeleteFunctionEventInvokeConfig': call('high', ['configured', 'configure'], 'what it fails on is lost'),
  'lambda:AddPermission': call('medium', ['opened', 'open'], 'somebody else may feed it events'),
  'lambda:CreateFunctionUrlConfig': call('high', ['opened', 'open'], 'somebody else may feed it events'),
  'lambda:UpdateFunctionUrlConfig': call('high', ['opened', 'open'], 'somebody else may feed it events'),
  'lambda:RemovePermission': call('critical', ['closed', 'close'], unheard),
  'lambda:UpdateEventSourceMapping': call('high', ['configured the stream of', 'configure the stream of'], unjudged),
  'lambda:DeleteEventSourceMapping': call('critical', ['cut the stream of', 'cut the stream of'], unjudged),
  'sns:DeleteTopic': call('critical', deleted, untold),
  'sns:SetTopicAttributes': call('high', changed, untold),
  'sns:AddPermission': call('medium', ['opened', 'open'], 'somebody else may read or send alerts'),
  'sns:RemovePermission': call('high', ['closed', 'close'], untold),
  'sns:PutDataProtectionPolicy': call('high', ['masked', 'mask'], 'alerts may arrive without what they say, or not at all'),
  'sns:Subscribe': call('medium', ['subscribed to', 'subscribe to'], 'somebody else may read the alerts'),
  'sns:Unsubscribe': call('high', ['unsubscribed from', 'unsubscribe from'], untold),
  'sns:SetSubscriptionAttributes': call('high', ['filtered', 'filter'], untold),
  'sqs:DeleteQueue': call('high', deleted, 'what could not be handed over is lost'),
  'sqs:PurgeQueue': call('high', ['emptied', 'empty'], 'what could not be handed over is lost'),
  'sqs:SetQueueAttributes': call('high', changed, 'what could not be handed over may be lost'),
  'sqs:AddPermission': call('medium', ['opened', 'open'], 'somebody else may read or take what waits there'),
  'sqs:RemovePermission': call('high', ['closed', 'close'], 'what could not be handed over may be lost'),
  's3:DeleteBucket': call('high', deleted, unkept),
  's3:PutBucketPolicy': call('high', changed, unkept),
  's3:DeleteBucketPolicy': call('medium', ['unprotected', 'unprotect'], unkept),
  's3:PutBucketLifecycle': call('high', changed, unkept),
  's3:PutBucketEncryption': call('medium', changed, unkept),
  's3:PutBucketPublicAccessBlock': call('medium', changed, unkept),
  'logs:DeleteLogGroup': call(
    'high',
    deleted,
    'what its functions logged is gone',
    // The groups that it reads have a detection of their own.
    (parameters) => !isMonitoringGroup(logGroupOf(parameters)),
  ),
  'dynamodb:DeleteTable': call('critical', deleted, unremembered),
  'dynamodb:UpdateTable': call('high', changed, unremembered),
  'dynamodb:UpdateTimeToLive': call('high', changed, unremembered),
  'dynamodb:UpdateContinuousBackups': call(
    'high',
    ['stopped backups of', 'stop backups of'],
    unremembered,
    (parameters) => at(parameters, 'pointInTimeRecoverySpecification', 'pointInTimeRecoveryEnabled') === false,
  ),
  'dynamodb:PutResourcePolicy': call('high', ['opened', 'open'], 'somebody else may read or write it'),
  'monitoring:DeleteAlarms': call('high', deleted, 'its own failures are not told'),
  'monitoring:DisableAlarmActions': call('high', ['silenced', 'silence'], 'its own failures are not told'),
  'monitoring:PutMetricAlarm': call('medium', changed, 'its own failures may not be told'),
  'monitoring:SetAlarmState': call('medium', ['set by hand', 'set by hand'], 'its own failures may not be told'),
  'secretsmanager:PutSecretValue': call('medium', changed, 'alerts may go elsewhere'),
  'secretsmanager:UpdateSecret': call('medium', changed, 'alerts may go elsewhere'),
  'secretsmanager:UpdateSecretVersionStage': call('medium', changed, 'alerts may go elsewhere'),
  'secretsmanager:DeleteSecret': call('high', deleted, untold),
  'secretsmanager:PutResourcePolicy': call('medium', ['opened', 'open'], 'somebody else may read or replace it'),
  'iam:UpdateAssumeRolePolicy': call('high', ['opened', 'open'], 'somebody else may take its place'),
  'iam:PutRolePolicy': call('high', changed, powerless),
  'iam:DeleteRolePolicy': call('critical', ['stripped', 'strip'], powerless),
  'iam:AttachRolePolicy': call('high', ['extended', 'extend'], 'it may do more than deployed, or less if the policy denies'),
  'iam:DetachRolePolicy': call('high', ['stripped', 'strip'], powerless),
  'iam:DeleteRole': call('critical', deleted, powerless),
  'iam:PutRolePermissionsBoundary': call('critical', ['fenced', 'fence'], powerless),
};

/**
 * Whether a call changes what stays, as each new version of this product does to its own stack; the others take something
 * away or make it useless.
 */
export function isUpgrade({ action }: ApiEvent): boolean {
  return (
    /^(?:Update|Put|Add|Attach|Set|Subscribe|Execute|Continue|Rollback)/.test(action) &&
    !/^Put(?:FunctionConcurrency|RolePermissionsBoundary)$/.test(action)
  );
}

/** Where these calls name what they change. Source: CloudTrail records of the services above. */
const namedIn = [
  ...['stackName', 'name', 'rule', 'groupName', 'functionName', 'topicArn', 'subscriptionArn', 'queueUrl', 'tableName', 'resourceArn'],
  ...['secretId', 'roleName', 'alarmName', 'bucketName', 'logGroupName', 'functionArn'],
];

/**
 * Resources of this product that a call names: CloudFormation puts the stack's name before every name it makes. A name that
 * somebody else gave to something of his own costs an alert and hides nothing.
 */
export function ownResources({ parameters, response }: ApiEvent): readonly string[] {
  const named = [
    ...namedIn.flatMap((key) => text(parameters[key]) ?? []),
    ...texts(parameters['alarmNames']),
    // A stream's mapping is called by an id; the answer tells whose it is.
    ...(text(response['functionArn']) ?? '').split(' ').filter(Boolean),
  ];
  return [...new Set(named.filter((name) => own.test(name)))];
}

const own = new RegExp(`(?:^|[:/])${stackName}`, 'i');

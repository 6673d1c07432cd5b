/** Calls to one service that are worth judging; a name that ends in `*` stands for every name that begins so. */
export interface WatchedCalls {
  readonly id: string;
  /** The source EventBridge gives these events. */
  readonly source: string;
  readonly names: readonly string[];
}

/**
 * Calls that change something: who may enter a cluster, what it runs on, and whether we would see it. Those on CloudWatch
 * Logs, EventBridge, Lambda and so on are how an adversary blinds Plimsoll itself (strategy: blinding the watcher).
 * One rule per service, because a rule's pattern is limited to 2,048 characters, and because disabling one rule then
 * leaves the others to tell of it.
 */
export const changes: readonly WatchedCalls[] = [
  {
    id: 'Eks',
    source: 'aws.eks',
    names: [
      'CreateCluster',
      'UpdateClusterConfig',
      'DeleteCluster',
      'DeregisterCluster',
      'AssociateEncryptionConfig',
      'CreateAccessEntry',
      'UpdateAccessEntry',
      'DeleteAccessEntry',
      'AssociateAccessPolicy',
      'DisassociateAccessPolicy',
      'CreatePodIdentityAssociation',
      'UpdatePodIdentityAssociation',
      'DeletePodIdentityAssociation',
      'AssociateIdentityProviderConfig',
      'DisassociateIdentityProviderConfig',
      'CreateNodegroup',
      'DeleteNodegroup',
      'CreateFargateProfile',
      'DeleteFargateProfile',
      'CreateAddon',
      'UpdateAddon',
      'DeleteAddon',
    ],
  },
  {
    id: 'Logs',
    source: 'aws.logs',
    names: [
      'DeleteLogGroup',
      'DeleteLogStream',
      'PutSubscriptionFilter',
      'DeleteSubscriptionFilter',
      'PutRetentionPolicy',
      'AssociateKmsKey',
      'DisassociateKmsKey',
      'PutAccountPolicy',
      'DeleteAccountPolicy',
      'PutDestination',
      'DeleteDestination',
      'PutTransformer',
      'PutDataProtectionPolicy',
      'PutLogGroupDeletionProtection',
    ],
  },
  {
    id: 'Ec2',
    source: 'aws.ec2',
    names: ['CreateFlowLogs', 'DeleteFlowLogs', 'AuthorizeSecurityGroupIngress', 'ModifySecurityGroupRules'],
  },
  { id: 'Events', source: 'aws.events', names: ['PutRule', 'DisableRule', 'DeleteRule', 'PutTargets', 'RemoveTargets'] },
  { id: 'Scheduler', source: 'aws.scheduler', names: ['UpdateSchedule', 'DeleteSchedule', 'DeleteScheduleGroup'] },
  // CloudTrail adds the version of Lambda's API to the name: UpdateFunctionCode20150331v2.
  {
    id: 'Lambda',
    source: 'aws.lambda',
    names: [
      'DeleteFunction*',
      'UpdateFunctionCode*',
      'UpdateFunctionConfiguration*',
      'PutFunctionConcurrency*',
      'PutFunctionEventInvokeConfig*',
      'UpdateFunctionEventInvokeConfig*',
      'DeleteFunctionEventInvokeConfig*',
      'AddPermission*',
      'CreateFunctionUrlConfig*',
      'UpdateFunctionUrlConfig*',
      'RemovePermission*',
      'UpdateEventSourceMapping*',
      'DeleteEventSourceMapping*',
    ],
  },
  {
    id: 'Sns',
    source: 'aws.sns',
    names: [
      'DeleteTopic',
      'SetTopicAttributes',
      'AddPermission',
      'RemovePermission',
      'PutDataProtectionPolicy',
      'Subscribe',
      'Unsubscribe',
      'SetSubscriptionAttributes',
    ],
  },
  { id: 'Sqs', source: 'aws.sqs', names: ['DeleteQueue', 'PurgeQueue', 'SetQueueAttributes', 'AddPermission', 'RemovePermission'] },
  {
    id: 'S3',
    source: 'aws.s3',
    names: [
      'DeleteBucket',
      'PutBucketPolicy',
      'DeleteBucketPolicy',
      'PutBucketLifecycle',
      'PutBucketEncryption',
      'PutBucketPublicAccessBlock',
    ],
  },
  {
    id: 'DynamoDb',
    source: 'aws.dynamodb',
    names: ['DeleteTable', 'UpdateTable', 'UpdateTimeToLive', 'UpdateContinuousBackups', 'PutResourcePolicy'],
  },
  {
    id: 'CloudFormation',
    source: 'aws.cloudformation',
    names: [
      'DeleteStack',
      'UpdateTerminationProtection',
      'UpdateStack',
      'ExecuteChangeSet',
      'ContinueUpdateRollback',
      'RollbackStack',
      'SetStackPolicy',
    ],
  },
  { id: 'CloudTrail', source: 'aws.cloudtrail', names: ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors'] },
  { id: 'CloudWatch', source: 'aws.monitoring', names: ['DeleteAlarms', 'DisableAlarmActions', 'PutMetricAlarm', 'SetAlarmState'] },
  {
    id: 'GuardDuty',
    source: 'aws.guardduty',
    names: [
      'DeleteDetector',
      'UpdateDetector',
      'UpdateMemberDetectors',
      'StopMonitoringMembers',
      'DisassociateMembers',
      'DisassociateFromAdministratorAccount',
      'DisassociateFromMasterAccount',
      'DeleteMembers',
      'CreateFilter',
      'UpdateFilter',
      'CreateIPSet',
      'UpdateIPSet',
      'CreateTrustedEntitySet',
      'UpdateTrustedEntitySet',
      'DeleteThreatIntelSet',
      'DeletePublishingDestination',
    ],
  },
  { id: 'Kms', source: 'aws.kms', names: ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy', 'DeleteImportedKeyMaterial'] },
  {
    id: 'SecretsManager',
    source: 'aws.secretsmanager',
    names: ['PutSecretValue', 'UpdateSecret', 'UpdateSecretVersionStage', 'DeleteSecret', 'PutResourcePolicy'],
  },
  // IAM's events arrive in us-east-1 only; elsewhere this rule costs nothing and matches nothing.
  {
    id: 'Iam',
    source: 'aws.iam',
    names: [
      'UpdateAssumeRolePolicy',
      'PutRolePolicy',
      'DeleteRolePolicy',
      'AttachRolePolicy',
      'DetachRolePolicy',
      'DeleteRole',
      'PutRolePermissionsBoundary',
      'CreateOpenIDConnectProvider',
    ],
  },
];

/**
 * Calls that only read. EventBridge leaves them out unless a rule asks for all management events. Names are few and
 * exact: with `Describe*` the rule would carry every console page of the account.
 */
export const reads: readonly WatchedCalls[] = [
  // Calls to the global STS endpoint are recorded in us-east-1.
  { id: 'Sts', source: 'aws.sts', names: ['AssumeRoleWithWebIdentity'] },
  // Who reads secrets of AWS beside those of the cluster. Decrypting with KMS is not among them: it is asked for at every step.
  { id: 'SecretReads', source: 'aws.secretsmanager', names: ['GetSecretValue', 'BatchGetSecretValue'] },
  { id: 'ParameterReads', source: 'aws.ssm', names: ['GetParameter', 'GetParameters', 'GetParametersByPath'] },
  // The source string is not documented; the event source in CloudTrail is eks-auth.amazonaws.com.
  { id: 'EksAuth', source: 'aws.eks-auth', names: ['AssumeRoleForPodIdentity'] },
  {
    id: 'EksReads',
    source: 'aws.eks',
    names: [
      'AccessKubernetesApi',
      'ListClusters',
      'DescribeCluster',
      'ListAccessEntries',
      'DescribeAccessEntry',
      'ListAssociatedAccessPolicies',
      'ListPodIdentityAssociations',
      'ListAddons',
      'ListNodegroups',
    ],
  },
];

/** Environment variables the stack sets and the functions read; the types of those in JSON stand beside this file. */
export const environment = {
  /** Name of the state table: baselines and entity graph. */
  stateTable: 'PLIMSOLL_STATE_TABLE',
  /** Name of the findings table: findings and alert items. */
  findingsTable: 'PLIMSOLL_FINDINGS_TABLE',
  /** Name of the settings table: suppressions, staged detections and limits that people set. */
  settingsTable: 'PLIMSOLL_SETTINGS_TABLE',
  /** ARN of the SNS topic that alerts are published to. */
  alertTopic: 'PLIMSOLL_ALERT_TOPIC',
  /** JSON: `ChannelSettings` of the channel that a function delivers to. */
  channel: 'PLIMSOLL_CHANNEL',
  /** ARN of the Secrets Manager secret with the channel's webhook URL, token or key. */
  channelSecret: 'PLIMSOLL_CHANNEL_SECRET',
  /** ARN of the SNS topic that the channel reads. */
  channelTopic: 'PLIMSOLL_CHANNEL_TOPIC',
  /** URL of the SQS queue that the channel reads. */
  channelQueue: 'PLIMSOLL_CHANNEL_QUEUE',
  /** ARN of this account's own product in Security Hub. */
  channelProduct: 'PLIMSOLL_CHANNEL_PRODUCT',
  /** URL of the queue with the orders of a recomputation. */
  recomputeQueue: 'PLIMSOLL_RECOMPUTE_QUEUE',
  /** JSON: `FlowSource` by log-group name. */
  flowSources: 'PLIMSOLL_FLOW_SOURCES',
  /** JSON: `SignalSource` by log-group name. */
  signalSources: 'PLIMSOLL_SIGNAL_SOURCES',
  /** JSON: `SiteSettings`. */
  site: 'PLIMSOLL_SITE',
  /** Path of a file with lists of addresses, compiled. Not set where there are none; they are too long for the environment. */
  lists: 'PLIMSOLL_LISTS',
  /** Name of the bucket with the compiled lists that came from S3. Not set where there are none. */
  listBucket: 'PLIMSOLL_LIST_BUCKET',
  /** JSON: list of `ListSource`. */
  listSources: 'PLIMSOLL_LIST_SOURCES',
  /** JSON: names of the log groups that proofs of life are written into. */
  provedGroups: 'PLIMSOLL_PROVED_GROUPS',
  /** JSON: `EnrolmentSettings`. */
  enrolment: 'PLIMSOLL_ENROLMENT',
} as const;

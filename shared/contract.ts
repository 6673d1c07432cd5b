/**
 * What the infrastructure and the functions must agree on: environment variables, table keys, stream
 * discriminators, metric and attribute names. Both sides import this file, so it imports nothing.
 */

/** Environment variables the stack sets and `functions/wiring.ts` reads. */
export const environment = {
  /** Name of the state table: baselines and entity graph. */
  stateTable: 'PLIMSOLL_STATE_TABLE',
  /** Name of the findings table: findings and alert items. */
  findingsTable: 'PLIMSOLL_FINDINGS_TABLE',
  /** Name of the settings table: suppressions, staged detections and limits that people set. */
  settingsTable: 'PLIMSOLL_SETTINGS_TABLE',
  /** ARN of the SNS topic that alerts are published to. */
  alertTopic: 'PLIMSOLL_ALERT_TOPIC',
  /** JSON: {@link ChannelSettings} of the channel that a function delivers to. */
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
  /** JSON: {@link FlowSource} by log-group name. */
  flowSources: 'PLIMSOLL_FLOW_SOURCES',
  /** JSON: {@link SignalSource} by log-group name. */
  signalSources: 'PLIMSOLL_SIGNAL_SOURCES',
  /** JSON: {@link SiteSettings}. */
  site: 'PLIMSOLL_SITE',
  /** Path of a file with lists of addresses, compiled. Not set where there are none; they are too long for the environment. */
  lists: 'PLIMSOLL_LISTS',
  /** Name of the bucket with the compiled lists that came from S3. Not set where there are none. */
  listBucket: 'PLIMSOLL_LIST_BUCKET',
  /** JSON: list of {@link ListSource}. */
  listSources: 'PLIMSOLL_LIST_SOURCES',
  /** JSON: names of the log groups that proofs of life are written into. */
  provedGroups: 'PLIMSOLL_PROVED_GROUPS',
  /** JSON: {@link EnrolmentSettings}. */
  enrolment: 'PLIMSOLL_ENROLMENT',
} as const;

/** Where one flow-log group's lines come from: the cluster its addresses belong to and the field order. */
export interface FlowSource {
  readonly cluster: string;
  /** Field names in order, space separated, as in the flow log's custom format without `${}`. */
  readonly format: string;
}

/** Programs on the nodes whose log groups may be enrolled: Falco's alerts, or the lines of auditd. */
export const signalPrograms = ['falco', 'auditd'] as const;

/** One of these programs. */
export type SignalProgram = (typeof signalPrograms)[number];

/** What beginnings of keys mark a rule of auditd as one that people are to be told about, where nothing else is said. */
export const markedKeys: readonly string[] = ['plimsoll'];

/** Where one log group's signals come from. */
export interface SignalSource {
  readonly cluster: string;
  readonly from: SignalProgram;
  /** For auditd: beginnings of keys of rules whose events are told. */
  readonly keys?: readonly string[];
}

/** What is known about addresses at deployment. CIDR notation, IPv4 and IPv6. */
export interface NetworkSettings {
  /** Ranges of the VPCs: addresses inside them are never an external destination. */
  readonly vpc: readonly string[];
  /**
   * Named ranges, such as the office or the VPN: the name stands for the network in baselines and alerts. Ranges whose names begin
   * with `api-server` are those of the cluster's own interfaces, with `pods` those that pods have their addresses from, with `nat`
   * those of NAT gateways, which send again what others sent.
   */
  readonly named: Readonly<Record<string, string>>;
  /** Amazon's own public ranges, where known; detections that need them say so when the list is empty. */
  readonly aws: readonly string[];
}

/**
 * What a list of addresses may be of: `tor`, exit nodes and relays of the Tor network; `threat`, addresses that a feed or the
 * operator holds for malicious; `mining`, pools of cryptocurrency miners; `as`, ranges with the autonomous system they belong to.
 */
export const listKinds = ['tor', 'threat', 'mining', 'as'] as const;

/** What a list of addresses is of. A detection that needs a kind of which there is no list is off. */
export type ListKind = (typeof listKinds)[number];

/** A list in S3 that the stack keeps up to date. */
export interface ListSource {
  /** What alerts call the list. */
  readonly name: string;
  readonly kind: ListKind;
  readonly bucket: string;
  readonly key: string;
}

/** The compiled lists: as a file in a Lambda layer, where Lambda mounts it, and as an object in the bucket of the stack. */
export const compiledLists = { file: 'address-lists.bin', mounted: '/opt/address-lists.bin', object: 'address-lists.bin' } as const;

/**
 * What an identity may be there for: `deployer` writes workloads and infrastructure (GitOps, CI, the role that CloudFormation takes), `secret-reader` reads Secrets for others,
 * `scanner` looks at everything, `administrator` may do anything, `enrolment` puts this product's filters on log groups: the stack gives
 * that to its own role.
 */
export const duties = ['deployer', 'secret-reader', 'scanner', 'administrator', 'enrolment'] as const;

/** What an identity is there for. */
export type Duty = (typeof duties)[number];

/** An identity with a duty. */
export interface Assignment {
  /** Canonical ARN of an IAM principal, or `system:serviceaccount:NAMESPACE:NAME`; `*` stands for text without slash or colon. */
  readonly who: string;
  readonly duty: Duty;
  /** ISO 8601; the assignment ends then. */
  readonly until?: string;
}

/** Which images may run. Without it nobody is told about images from elsewhere. */
export interface ImageSettings {
  /** `HOST/PATH` without tag; `*` stands for text without a slash, in the host also without a dot; a last `/**` for all below. */
  readonly allowed: readonly string[];
}

/** What is known about the place that is watched. */
export interface SiteSettings {
  readonly networks?: Partial<NetworkSettings>;
  /** Kinds of lists that come from S3: detections that need one are on before the first was fetched. */
  readonly awaited?: readonly ListKind[];
  readonly identities?: readonly Assignment[];
  readonly images?: ImageSettings;
  /**
   * Namespaces whose NetworkPolicies were all written, or written again, within the audit log that was read; `*` for all. Traffic is
   * held against the policies of these, and of namespaces that were created within it.
   */
  readonly policiesKnown?: readonly string[];
}

/** The stack's name: CloudFormation puts it before every name it makes, by which this product knows its own resources. */
export const stackName = 'Plimsoll';

/**
 * Names of this product's subscription filters. They stay: metrics carry them, and to put a filter of the same name is to
 * replace it, which is looked out for. `text` is for lines that a pattern on JSON cannot match.
 */
export const filterNames = { main: 'plimsoll', text: 'plimsoll-text' } as const;

/** The log stream that proofs of life are written to, and the field that marks their lines. EKS writes no stream of such a name. */
export const proofOfLife = { stream: 'plimsoll-proof-of-life', marker: 'plimsollProofOfLife' } as const;
/** Name of the destination by which other accounts' log groups send to the account where Plimsoll runs. */
export const hubDestination = 'Plimsoll';

/** What a subscription on a control-plane log forwards: what detections can use, as derived from them, or every line. */
export const filterChoices = ['derived', 'everything'] as const;

/** One of these choices. */
export type FilterChoice = (typeof filterChoices)[number];

/** Which clusters are enrolled besides those that the configuration names: those with a tag, or all of the account and Region. */
export type EnrolmentChoice = { readonly tag: { readonly key: string; readonly value: string } } | { readonly all: true };

/** What the function that enrols clusters is to do. */
export interface EnrolmentSettings {
  readonly choice: EnrolmentChoice;
  /** Clusters that the configuration names: their filters are CloudFormation's. */
  readonly named: readonly string[];
  /** ARN of what takes the lines: the function that judges them, or the data stream before it. */
  readonly destination: string;
  /** ARN of the role by which CloudWatch Logs writes to a data stream. */
  readonly role?: string;
  /** The filters that the stack puts on the log groups of the clusters that it knows. */
  readonly filters: readonly { readonly name: string; readonly pattern: string }[];
}

/** Key attributes of all three tables. */
export const keys = { partition: 'pk', sort: 'sk', expires: 'expires' } as const;

/** Partitions of the settings table, one for each of those who read it: triage what nobody is told of, judges the limits that people set. */
export const settingsPartitions = { suppressions: 'suppressions', limits: 'limits' } as const;

/**
 * What the stack deployed, as its schedule tells the coverage check: names and states to compare with what is there. Lists
 * throughout, because a name that CloudFormation makes cannot be a key.
 */
export interface Deployed {
  readonly account: string;
  readonly region: string;
  readonly stateTable: string;
  /** Clusters whose log groups are subscribed to, and what of. */
  readonly clusters: readonly string[];
  readonly filter: FilterChoice;
  /** Clusters that are enrolled besides, where there are any. */
  readonly enrolment?: EnrolmentChoice;
  /** ARNs of what log groups are subscribed to: the functions that judge them, or the data streams before these. */
  readonly audit: string;
  readonly flow: string;
  /** ARNs of the roles by which CloudWatch Logs writes to data streams. */
  readonly auditRole?: string;
  readonly flowRole?: string;
  /** With the log group that each is written to. */
  readonly flowLogs: readonly (FlowSource & { readonly written: string })[];
  /** Functions, each with the name of its code in the bucket that it was deployed from. */
  readonly functions: readonly { readonly name: string; readonly code: string }[];
  /** Ids of the mappings that feed functions from streams and queues. */
  readonly mappings: readonly string[];
  readonly rules: readonly { readonly name: string; readonly state: string }[];
  readonly schedules: readonly { readonly group: string; readonly name: string }[];
  readonly tables: readonly string[];
  /** Topics, each with the number of subscriptions that the stack gave it. */
  readonly topics: readonly { readonly arn: string; readonly subscriptions: number }[];
  /** How many alarms have names that begin with the stack's. */
  readonly alarms: number;
}

/**
 * The attribute that tells what an item of the findings table is; the stream filters of triage and notify read it. A proof of life is
 * `proof` where a finding would be one, and `proven-alert` where an alert would.
 */
export const itemKind = {
  attribute: 'kind',
  finding: 'finding',
  alert: 'alert',
  proof: 'proof',
  provenAlert: 'proven-alert',
} as const;

/** The attribute of an alert's item that is there while an order to tell of it waits: the order's number. Notify is woken by it. */
export const orderAttribute = 'telling';

/**
 * Ways to tell: `slack-webhook`, a message for each telling; `slack-bot`, one message that is kept up to date, with a thread;
 * `email`; `pagerduty`, Events v2; `amazon-q`, a topic for Amazon Q Developer in chat applications; `security-hub`, findings in
 * ASFF; `sqs`, OCSF Detection Findings in a queue.
 */
export const channelKinds = ['slack-webhook', 'slack-bot', 'email', 'pagerduty', 'amazon-q', 'security-hub', 'sqs'] as const;

/** A way to tell. */
export type ChannelKind = (typeof channelKinds)[number];

/** Severities of alerts, mildest first. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;

/** Tactics of MITRE ATT&CK v19 by which alerts can be chosen. */
export const tactics = [
  'reconnaissance',
  'resource-development',
  'initial-access',
  'execution',
  'persistence',
  'privilege-escalation',
  'stealth',
  'defense-impairment',
  'credential-access',
  'discovery',
  'lateral-movement',
  'collection',
  'command-and-control',
  'exfiltration',
  'impact',
] as const;

/** Which alerts a channel gets. What an alert does not say, of which cluster it is for instance, keeps it from no channel. */
export interface ChannelFilter {
  /** The mildest that is told. */
  readonly severity?: (typeof severities)[number];
  /** Names of clusters; `*` stands for any text. */
  readonly clusters?: readonly string[];
  /** An alert with any of these is told. */
  readonly tactics?: readonly (typeof tactics)[number][];
}

/** What a function knows of the channel it delivers to, apart from secrets. */
export interface ChannelSettings extends ChannelFilter {
  readonly kind: ChannelKind;
  readonly name: string;
  /** Id of a Slack channel. */
  readonly channel?: string;
  /** Where its service is, if not at the usual place. */
  readonly endpoint?: string;
}

/** CloudWatch metrics that the functions emit in embedded metric format and the alarms watch. */
export const metrics = {
  namespace: 'Plimsoll',
  judged: 'RecordsJudged',
  skipped: 'RecordsSkipped',
  repeated: 'RecordsRepeated',
  rejected: 'RecordsRejected',
  /** Conversations begun at a private address, and those of them whose pod or node was known. */
  sendersAsked: 'SendersAsked',
  sendersNamed: 'SendersNamed',
  findings: 'Findings',
  faults: 'Faults',
  alertsTold: 'AlertsTold',
  /** Told for each cluster apart, by {@link clusterDimension}. */
  proofsOfLife: 'ProofsOfLife',
  listsNotRefreshed: 'ListsNotRefreshed',
  /** Gaps that a coverage check found open: what is not seen. */
  gapsOpen: 'GapsOpen',
  /** Clusters that are to be enrolled and could not be, or not wholly; and those that are there and are no longer to be enrolled. */
  clustersNotEnrolled: 'ClustersNotEnrolled',
  clustersLeft: 'ClustersLeft',
} as const;

/** The dimension of a metric that is told for each cluster apart, beside `service`. */
export const clusterDimension = 'cluster';

/** Message attributes of every alert that is published, for subscription filter policies. */
export const messageAttributes = {
  severity: 'severity',
  cluster: 'cluster',
  detection: 'detection',
  tactic: 'tactic',
} as const;

/** The field order that attribution needs; the stack creates flow logs with it. Source: Amazon VPC user guide, "Flow log records". */
export const flowFormat =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status ' +
  'vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr az-id pkt-src-aws-service pkt-dst-aws-service ' +
  'flow-direction traffic-path';

/** Fields of it without which traffic of a pod has the address of its node. */
export const attributingFields = ['pkt-srcaddr', 'pkt-dstaddr', 'flow-direction'] as const;

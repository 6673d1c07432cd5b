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

/** Message attributes of every alert that is published, for subscription filter policies. */
export const messageAttributes = {
  severity: 'severity',
  cluster: 'cluster',
  detection: 'detection',
  tactic: 'tactic',
} as const;

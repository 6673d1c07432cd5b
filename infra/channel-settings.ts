import { type ChannelFilter, channelKinds, type ChannelKind, severities, tactics } from '../shared/contract/channels.ts';
import { combinationsOf, mostCombinations } from './channel-filter.ts';
import { type FieldRule, fields, type Problems } from './config-fields.ts';

/** What every channel has: a name, which its function, queue and alarms carry, and which alerts it gets. Default: all. */
interface Named extends ChannelFilter {
  readonly name: string;
}

/** A Slack incoming webhook: a new message for each telling. */
interface SlackWebhookChannel extends Named {
  readonly kind: 'slack-webhook';
  /** ARN of a Secrets Manager secret whose string is the webhook's URL. */
  readonly secretArn: string;
}

/** A Slack bot: one message for an alert, which is kept up to date, with a thread. */
interface SlackBotChannel extends Named {
  readonly kind: 'slack-bot';
  /** ARN of a Secrets Manager secret whose string is a bot token with the scope `chat:write`. */
  readonly secretArn: string;
  /** Id of a channel that the bot is a member of. */
  readonly channel: string;
}

/** Mail in plain text. SNS asks the address to confirm. */
interface EmailChannel extends Named {
  readonly kind: 'email';
  readonly address: string;
}

/** A PagerDuty service: one incident there for each alert. */
interface PagerDutyChannel extends Named {
  readonly kind: 'pagerduty';
  /** ARN of a Secrets Manager secret whose string is the routing key of an Events v2 integration. */
  readonly secretArn: string;
  /** Where the PagerDuty account is. Default: `us`. */
  readonly serviceRegion?: 'us' | 'eu';
}

/** Amazon Q Developer in chat applications: the stack makes a topic in its schema, to be named in a channel's configuration there. */
interface AmazonQChannel extends Named {
  readonly kind: 'amazon-q';
}

/** AWS Security Hub of this account and Region, which must be enabled. */
interface SecurityHubChannel extends Named {
  readonly kind: 'security-hub';
}

/** OCSF Detection Findings in a standard queue of this Region, for a SIEM. */
interface QueueChannel extends Named {
  readonly kind: 'sqs';
  readonly queueArn: string;
}

/** One way in which alerts are told. */
export type AlertChannel =
  SlackWebhookChannel | SlackBotChannel | EmailChannel | PagerDutyChannel | AmazonQChannel | SecurityHubChannel | QueueChannel;

/** The mail addresses among channels. */
export function mailboxesOf(channels: readonly AlertChannel[]): readonly EmailChannel[] {
  return channels.filter((channel) => channel.kind === 'email');
}

/** The name of what all mail addresses share: one function makes the text that SNS sends to each of them. */
export const mailDesk = 'mail';

/** What a kind of channel needs besides its name and filter. */
const needs: Readonly<Record<ChannelKind, Readonly<Record<string, FieldRule>>>> = {
  'slack-webhook': { secretArn: fields.secretArn },
  'slack-bot': { secretArn: fields.secretArn, channel: fields.slackChannel },
  email: { address: fields.email },
  pagerduty: { secretArn: fields.secretArn },
  'amazon-q': {},
  'security-hub': {},
  sqs: { queueArn: fields.queueArn },
};

/** What a filter may take of the 4 KB that the environment of a channel's function has. Source: Lambda quotas. */
const filterBytes = 2_500;

/** Adds what is wrong with channels. */
export function checkChannels(problems: Problems, given: unknown, clusters: ReadonlySet<string>): void {
  const list = problems.list('alerts.channels', given);
  if (given === undefined || (Array.isArray(given) && given.length === 0))
    problems.add(
      'alerts.channels',
      given,
      "nobody would hear an alert; for example [{ kind: 'email', name: 'security', address: 'security@example.com' }]",
    );
  const seen = new Set<unknown>();
  for (const [index, entry] of list.entries()) {
    const path = `alerts.channels[${String(index)}]`;
    const kind = isObject(entry) ? entry['kind'] : undefined;
    const known = [
      ...['kind', 'name', 'severity', 'clusters', 'tactics'],
      ...(isKind(kind) ? membersOf(kind) : Object.keys(Object(entry) as object)),
    ];
    const channel = problems.object(path, entry, known);
    if (!problems.required(`${path}.kind`, kind, kindRule) || !isKind(kind)) continue;
    checkName(problems, `${path}.name`, channel['name'], kind, seen);
    for (const [member, rule] of Object.entries(needs[kind])) problems.required(`${path}.${member}`, channel[member], rule);
    if (kind === 'pagerduty') problems.field(`${path}.serviceRegion`, channel['serviceRegion'], oneOf(['us', 'eu']));
    if (kind === 'email') {
      if (seen.has(channel['address']))
        problems.add(`${path}.address`, channel['address'], 'is listed twice; remove one, or widen its filter');
      seen.add(channel['address']);
    }
    checkFilter(problems, path, channel, kind, clusters);
  }
}

function checkName(problems: Problems, path: string, name: unknown, kind: ChannelKind, seen: Set<unknown>): void {
  if (!problems.required(path, name, fields.channelName)) return;
  if (seen.has(`name ${name}`)) problems.add(path, name, 'two channels have this name; give one of them another');
  if (name === mailDesk && kind !== 'email') problems.add(path, name, 'is what all mail addresses go by; give another');
  seen.add(`name ${name}`);
}

function checkFilter(
  problems: Problems,
  path: string,
  channel: Readonly<Record<string, unknown>>,
  kind: ChannelKind,
  clusters: ReadonlySet<string>,
): void {
  problems.field(`${path}.severity`, channel['severity'], oneOf(severities));
  checkChosen(problems, `${path}.clusters`, channel['clusters'], (glob) => clusterProblem(glob, clusters));
  checkChosen(problems, `${path}.tactics`, channel['tactics'], oneOf(tactics));
  const filter = channel as unknown as ChannelFilter;
  const bytes = Buffer.byteLength(JSON.stringify([filter.clusters, filter.tactics]));
  if (bytes > filterBytes)
    problems.add(path, bytes, `clusters and tactics may take ${String(filterBytes)} bytes; use * or leave a filter out`);
  else if (kind === 'email' && combinationsOf(filter) > mostCombinations)
    problems.add(
      path,
      combinationsOf(filter),
      `SNS filters mail, by at most ${String(mostCombinations)} combinations of severity, cluster and tactic; use * or leave a filter out`,
    );
}

function checkChosen(problems: Problems, path: string, given: unknown, rule: FieldRule): void {
  const list = problems.list(path, given);
  if (Array.isArray(given) && given.length === 0) problems.add(path, given, 'chooses nothing; leave it out for all');
  problems.each(path, list, rule);
}

function clusterProblem(glob: unknown, clusters: ReadonlySet<string>): string | undefined {
  // SNS takes three wildcards in a pattern. Source: SNS developer guide, "Filter policy constraints".
  if (typeof glob !== 'string' || !/^[0-9A-Za-z_*-]{1,100}$/.test(glob) || glob.split('*').length > 4 || glob.includes('**'))
    return 'give the name of a cluster; * stands for any text, up to three times';
  const pattern = new RegExp(`^${glob.replaceAll('*', '.*')}$`);
  if (clusters.size === 0 || [...clusters].some((name) => pattern.test(name))) return undefined;
  return `is none of clusters, so that nobody would hear; name one of: ${[...clusters].join(', ')}`;
}

function membersOf(kind: ChannelKind): readonly string[] {
  return [...Object.keys(needs[kind]), ...(kind === 'pagerduty' ? ['serviceRegion'] : [])];
}

const kindRule = oneOf(channelKinds);

function isKind(value: unknown): value is ChannelKind {
  return channelKinds.some((kind) => kind === value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function oneOf(choices: readonly string[]): FieldRule {
  return (value) => (choices.some((choice) => choice === value) ? undefined : `say one of: ${choices.join(', ')}`);
}

import type { RetentionDays } from 'aws-cdk-lib/aws-logs';

import type { EnrolmentChoice } from '../shared/contract/enrolment.ts';
import { type FilterChoice, flowFormat } from '../shared/contract/logs.ts';
import type { Assignment, ImageSettings } from '../shared/contract/site.ts';
import { type AlertChannel, checkChannels } from './channel-settings.ts';
import { Problems, fields } from './config-fields.ts';
import { checkEnrolment } from './enrolment-settings.ts';
import { checkLists, type Lists } from './list-settings.ts';
import { checkSignals, type Signals } from './signal-settings.ts';

/** What a user says about the account that Plimsoll watches; the only file of the stack that a user edits holds one. */
export interface Configuration {
  /** EKS clusters of this account and Region to watch, at least one without {@link enrolment}. Their audit log type must be enabled. */
  readonly clusters: readonly Cluster[];
  /** Clusters to watch besides, as they come and go: those with a tag, or all. Default: none. */
  readonly enrolment?: EnrolmentChoice;
  /**
   * What is read of the control-plane logs. `derived`, the default: what detections can use, with two subscription filters
   * on each log group. `everything`: every line, with one.
   */
  readonly filter?: FilterChoice;
  /**
   * Puts a data stream between log groups and functions: where lines must outlast an outage of more than six hours, or one
   * account hears many. README.md has the arithmetic. Default: false.
   */
  readonly highVolume?: boolean;
  /** Ids of other accounts whose clusters are judged here, see infra/spoke.ts; with {@link highVolume} only. Default: none. */
  readonly spokes?: readonly string[];
  /** Where VPC flow logs are, or where to create them. Without any, detections on traffic are silent. */
  readonly flowLogs?: readonly FlowLogs[];
  /** Log groups with what Falco or auditd report from the nodes. Default: none. */
  readonly signals?: readonly Signals[];
  readonly alerts: Alerts;
  readonly operations?: Operations;
  readonly networks?: Networks;
  /** Who deploys, reads Secrets for others, scans or administers: detections are milder or silent about them. */
  readonly identities?: readonly Assignment[];
  /** Where images may come from. Default: nobody is told about images from elsewhere. */
  readonly images?: ImageSettings;
  /**
   * Namespaces whose NetworkPolicies were all written, or applied again, within the audit log that Plimsoll has read; `*` for all.
   * Traffic is held against the policies of these, and of namespaces created within it. Default: only of the latter.
   */
  readonly policiesKnown?: readonly string[];
  /** When the nightly recomputation of baselines runs. Default: 02:30 UTC. */
  readonly baselines?: BaselineSchedule;
  /** How long the functions' own logs are kept. Default: 30 days. */
  readonly logRetentionDays?: RetentionDays;
  /** What happens to tables, keys and flow logs when the stack is deleted. Default: `retain`. */
  readonly removal?: 'retain' | 'destroy';
  /** Where the runbooks are published, so that alarm texts carry links. Default: their paths in this repository. */
  readonly runbookUrl?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** An EKS cluster, known by its name: its log group follows from it. */
export interface Cluster {
  readonly name: string;
}

/** The flow logs of one cluster's VPC: a log group that exists, or one that the stack creates. */
export type FlowLogs = ExistingFlowLogs | CreatedFlowLogs;

/** A log group that a flow log writes to already. */
export interface ExistingFlowLogs {
  readonly cluster: string;
  readonly logGroup: string;
  /** Its field names in order, without `${}`. Default: the format that this stack gives to the flow logs it creates. */
  readonly format?: string;
}

/** A flow log that the stack creates, with a log group of its own. */
export interface CreatedFlowLogs {
  readonly cluster: string;
  readonly vpcId: string;
  readonly create: true;
  /** Default: 30 days. */
  readonly retentionDays?: RetentionDays;
}

/** Who is told about adversaries. */
export interface Alerts {
  readonly channels: readonly AlertChannel[];
}

/** Who is told when Plimsoll itself is unwell. */
export interface Operations {
  readonly emails?: readonly string[];
  /** Also tell the subscribers of the alert topic, and the mail addresses among the channels. Default: true. */
  readonly alertTopicToo?: boolean;
}

/** What is known about addresses. */
export interface Networks {
  /** The VPCs' ranges. */
  readonly vpc?: readonly string[];
  /** Range by name: the office, the VPN. */
  readonly named?: Readonly<Record<string, string>>;
  /** Amazon's public ranges. */
  readonly aws?: readonly string[];
  /**
   * Lists of addresses by name: `tor`, exit nodes and relays of the Tor network; `threat`, addresses of bad repute; `mining`,
   * pools of cryptocurrency miners; `as`, ranges with the autonomous system they belong to. The value is a file, relative to
   * this folder and as old as the last deployment, or an object, `s3://BUCKET/KEY`, that is fetched every hour. Under other
   * names, `{ kind, from }`. Detections without a list of their kind are off.
   */
  readonly lists?: Lists;
}

/** A time of day in a time zone. */
export interface BaselineSchedule {
  /** `HH:MM` on a 24-hour clock. */
  readonly at: string;
  /** An IANA name; EventBridge Scheduler follows its daylight saving time. Default: UTC. */
  readonly timeZone?: string;
}

/**
 * Returns what it was given when that is a sound configuration; otherwise throws once, with every problem, the value
 * that is wrong and the fix. The user's file runs without a type check, so nothing about its shape is taken for granted.
 */
export function checkConfiguration(given: unknown): Configuration {
  const problems = new Problems();
  const root = problems.object('', given, [
    'clusters',
    'flowLogs',
    'alerts',
    'signals',
    'filter',
    'highVolume',
    'enrolment',
    'spokes',
    'operations',
    'networks',
    'identities',
    'images',
    'policiesKnown',
    'baselines',
    'logRetentionDays',
    'removal',
    'runbookUrl',
    'tags',
  ]);
  const clusters = checkClusters(problems, root['clusters'], root['enrolment'] !== undefined);
  checkEnrolment(problems, root['enrolment']);
  problems.field('filter', root['filter'], fields.filter);
  problems.field('highVolume', root['highVolume'], fields.flag);
  checkSpokes(problems, root);
  const groups = checkFlowLogs(problems, root['flowLogs'], clusters);
  checkSignals(problems, root['signals'], clusters, groups);
  checkAlerts(problems, root['alerts'], clusters);
  checkOperations(problems, root['operations']);
  checkNetworks(problems, root['networks']);
  checkIdentities(problems, root['identities']);
  checkImages(problems, root['images']);
  problems.each('policiesKnown', problems.list('policiesKnown', root['policiesKnown']), fields.namespace);
  checkSchedule(problems, root['baselines']);
  problems.field('logRetentionDays', root['logRetentionDays'], fields.retentionDays);
  problems.field('removal', root['removal'], fields.removal);
  problems.field('runbookUrl', root['runbookUrl'], fields.url);
  for (const [key, value] of problems.entries('tags', root['tags'])) problems.field(`tags["${key}"]`, value, fields.tagValue);
  checkSize(problems, root);
  problems.throwIfAny('infra/plimsoll.config.ts');
  return given as Configuration;
}

function checkClusters(problems: Problems, given: unknown, mayBeEmpty: boolean): ReadonlySet<string> {
  const list = problems.list('clusters', given);
  if (given === undefined || (Array.isArray(given) && given.length === 0 && !mayBeEmpty))
    problems.add('clusters', given, 'name at least one cluster, for example [{ name: "production" }]');
  const names = new Set<string>();
  for (const [index, entry] of list.entries()) {
    const path = `clusters[${String(index)}]`;
    const { name } = problems.object(path, entry, ['name']);
    if (!problems.required(`${path}.name`, name, fields.clusterName)) continue;
    if (names.has(name)) problems.add(`${path}.name`, name, 'this cluster is listed twice; remove one');
    names.add(name);
  }
  return names;
}

function checkSpokes(problems: Problems, { spokes, highVolume }: Readonly<Record<string, unknown>>): void {
  problems.each('spokes', problems.list('spokes', spokes), fields.accountId);
  if (spokes !== undefined && highVolume !== true)
    problems.add('spokes', spokes, 'other accounts can send to a data stream alone; set highVolume: true');
}

function checkFlowLogs(problems: Problems, given: unknown, clusters: ReadonlySet<string>): ReadonlySet<unknown> {
  const seen = new Set<unknown>();
  for (const [index, entry] of problems.list('flowLogs', given).entries()) {
    const path = `flowLogs[${String(index)}]`;
    const create = typeof entry === 'object' && entry !== null && 'vpcId' in entry;
    const known = create ? ['cluster', 'vpcId', 'create', 'retentionDays'] : ['cluster', 'logGroup', 'format'];
    const flow = problems.object(path, entry, known);
    if (problems.required(`${path}.cluster`, flow['cluster'], fields.clusterName) && !clusters.has(flow['cluster']))
      problems.add(
        `${path}.cluster`,
        flow['cluster'],
        `no such cluster in clusters; add it there or name one of: ${[...clusters].join(', ')}`,
      );
    const source = create ? flow['vpcId'] : flow['logGroup'];
    const sourcePath = create ? `${path}.vpcId` : `${path}.logGroup`;
    problems.required(sourcePath, source, create ? fields.vpcId : fields.flowLogGroup);
    if (source !== undefined && seen.has(source)) problems.add(sourcePath, source, 'is listed twice; remove one');
    seen.add(source);
    if (create && flow['create'] !== true)
      problems.add(`${path}.create`, flow['create'], 'say create: true to have the flow log created, or give logGroup instead of vpcId');
    problems.field(`${path}.retentionDays`, flow['retentionDays'], fields.retentionDays);
    problems.field(`${path}.format`, flow['format'], fields.flowFormat);
  }
  return seen;
}

function checkAlerts(problems: Problems, given: unknown, clusters: ReadonlySet<string>): void {
  const { channels } = problems.object('alerts', given, ['channels']);
  checkChannels(problems, channels, clusters);
}

function checkOperations(problems: Problems, given: unknown): void {
  if (given === undefined) return;
  const operations = problems.object('operations', given, ['emails', 'alertTopicToo']);
  problems.each('operations.emails', problems.list('operations.emails', operations['emails']), fields.email);
  problems.field('operations.alertTopicToo', operations['alertTopicToo'], fields.flag);
}

function checkNetworks(problems: Problems, given: unknown): void {
  if (given === undefined) return;
  const networks = problems.object('networks', given, ['vpc', 'named', 'aws', 'lists']);
  problems.each('networks.vpc', problems.list('networks.vpc', networks['vpc']), fields.cidr);
  problems.each('networks.aws', problems.list('networks.aws', networks['aws']), fields.cidr);
  for (const [name, range] of problems.entries('networks.named', networks['named'])) {
    problems.field('networks.named', name, fields.networkName);
    problems.required(`networks.named["${name}"]`, range, fields.cidr);
  }
  checkLists(problems, networks['lists']);
}

function checkIdentities(problems: Problems, given: unknown): void {
  for (const [index, entry] of problems.list('identities', given).entries()) {
    const path = `identities[${String(index)}]`;
    const { who, duty, until } = problems.object(path, entry, ['who', 'duty', 'until']);
    problems.required(`${path}.who`, who, fields.principal);
    problems.required(`${path}.duty`, duty, fields.duty);
    problems.field(`${path}.until`, until, fields.moment);
  }
}

function checkImages(problems: Problems, given: unknown): void {
  if (given === undefined) return;
  const { allowed } = problems.object('images', given, ['allowed']);
  const patterns = problems.list('images.allowed', allowed);
  if (patterns.length === 0) problems.add('images.allowed', allowed, 'name at least one repository, or leave images out');
  problems.each('images.allowed', patterns, fields.imagePattern);
}

function checkSchedule(problems: Problems, given: unknown): void {
  if (given === undefined) return;
  const schedule = problems.object('baselines', given, ['at', 'timeZone']);
  problems.required('baselines.at', schedule['at'], fields.timeOfDay);
  problems.field('baselines.timeZone', schedule['timeZone'], fields.timeZone);
}

// Lambda allows 4 KB of environment in all; the names and ARNs of the rest take up to a quarter. Source: Lambda quotas.
const environmentBytes = 3072;

/** Flow sources and the site's settings reach the functions in their environment, where a value too many fails at deployment only. */
function checkSize(problems: Problems, configuration: Readonly<Record<string, unknown>>): void {
  const { flowLogs, signals, networks, identities, images, policiesKnown } = configuration;
  const sources = Array.isArray(flowLogs) ? flowLogs.map((flow: unknown) => ({ format: flowFormat, ...(Object(flow) as object) })) : [];
  const site = [{ ...(Object(networks) as object), lists: undefined }, identities ?? [], images ?? {}, policiesKnown ?? []];
  // Each function has the sources of its own logs alone.
  const own = [sources, signals ?? []].map((each) => Buffer.byteLength(JSON.stringify(each)));
  const bytes = Math.max(...own) + Buffer.byteLength(JSON.stringify(site));
  if (bytes <= environmentBytes) return;
  const fix = `flowLogs, signals, networks, identities, images and policiesKnown need ${String(bytes)} bytes of the functions' environment, which has room for ${String(environmentBytes)}; `;
  problems.add(
    'flowLogs, signals, networks, identities, images and policiesKnown',
    bytes,
    `${fix}name fewer ranges, or give some clusters a stack of their own`,
  );
}

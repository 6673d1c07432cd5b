import type { ParseArgsConfig } from 'node:util';
import { isSeverity, type Severity } from '../shared/model/finding.ts';
import { defaultFlowFormat, flowFormatOf, isFlowHeader, type FlowFormat } from '../shared/model/flow-line.ts';
import type { KnownSite } from '../shared/model/site.ts';
import { checkRange } from './ranges.ts';
import { readSiteFile } from './site-file.ts';
import { UsageError } from './usage-error.ts';
import { parsed } from './words.ts';

/** What a replay was asked to do. */
export interface ReplayOptions {
  readonly files: readonly string[];
  /** History: teaches and does not tell. */
  readonly learn: readonly string[];
  readonly state: string | undefined;
  readonly cluster: string | undefined;
  /** Field order of flow logs that have no header. */
  readonly flowFormat: FlowFormat;
  readonly json: boolean;
  readonly findings: boolean;
  /** Alerts with all there is to do about them. */
  readonly full: boolean;
  readonly failOn: Severity | undefined;
  readonly rejects: string | undefined;
  /** Where the alerts are written to as a page. */
  readonly report: string | undefined;
  readonly site: KnownSite;
}

/** What `--help` prints. */
export const help = `Usage: npm run --silent replay -- [options] FILE…

Replays logs of Amazon EKS clusters through the detections and prints the alerts.

A FILE is recognised by its content, plain or gzip: audit.k8s.io/v1 events (NDJSON
or JSON lists), lines of the IAM authenticator, CloudWatch Logs subscription payloads,
exports and FilterLogEvents answers, VPC flow logs, CloudTrail files, EventBridge events,
alerts of Falco and lines of auditd. A directory means the files in it.

  --learn FILE         history: teaches what is normal and raises nothing; repeatable
  --state FILE         load what was learnt and found before, and save it at the end
  --cluster NAME       the cluster of logs that do not tell theirs
  --flow-format LIST   field names of flow logs without a header line (default: version 2)
  --vpc CIDR           a range of your VPC beyond RFC 1918; repeatable
  --network NAME=CIDR  a name for a range, such as the office; repeatable
  --site FILE          networks with their lists, identities, images and policiesKnown as in
                       a deployment's configuration, in JSON
  --json               alerts as JSON, one a line
  --full               every alert whole: all steps, commands, links, and what no log tells
  --findings           findings, before they are grouped into alerts
  --fail-on SEVERITY   exit 3 if anything at or above low, medium, high or critical was found
  --rejects FILE       write the records that could not be used, and why
  --report FILE        write the alerts as one HTML page, to read, print and keep
  --help               this text

Exit: 0 when it ran, whatever it found; 2 for a wrong option or file; 3 with --fail-on.`;

const known = {
  learn: { type: 'string', multiple: true },
  state: { type: 'string' },
  cluster: { type: 'string' },
  'flow-format': { type: 'string' },
  json: { type: 'boolean' },
  findings: { type: 'boolean' },
  full: { type: 'boolean' },
  'fail-on': { type: 'string' },
  rejects: { type: 'string' },
  report: { type: 'string' },
  vpc: { type: 'string', multiple: true },
  network: { type: 'string', multiple: true },
  site: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

/** The options of a command line, or `help`. Throws {@link UsageError} where one is wrong. */
export function readOptions(words: readonly string[]): ReplayOptions | 'help' {
  const { values, positionals: files } = parsed(words, known);
  if (values.help === true) return 'help';
  const learn = values.learn ?? [];
  if (files.length === 0 && learn.length === 0) throw new UsageError('name at least one file to replay; --help tells the options');
  const vpc = values.vpc ?? [];
  for (const range of vpc) checkRange('--vpc', range);
  return {
    files,
    learn,
    state: values.state,
    cluster: values.cluster,
    flowFormat: flowFormat(values['flow-format']),
    json: values.json ?? false,
    findings: values.findings ?? false,
    full: values.full ?? false,
    failOn: severity(values['fail-on']),
    rejects: values.rejects,
    report: values.report,
    site: siteIn(values.site, vpc, networks(values.network ?? [])),
  };
}

function siteIn(file: string | undefined, vpc: readonly string[], named: Readonly<Record<string, string>>): KnownSite {
  const settings = file === undefined ? {} : readSiteFile(file);
  const { networks } = settings;
  return { ...settings, networks: { ...networks, vpc: [...(networks?.vpc ?? []), ...vpc], named: { ...networks?.named, ...named } } };
}

function severity(word: string | undefined): Severity | undefined {
  if (word === undefined || isSeverity(word)) return word;
  throw new UsageError(`--fail-on ${word}: a severity is low, medium, high or critical`);
}

function flowFormat(names: string | undefined): FlowFormat {
  const plain = (names ?? defaultFlowFormat).replace(/\$\{([^}]*)\}/g, '$1').trim();
  if (!isFlowHeader(plain))
    throw new UsageError(`--flow-format "${names ?? ''}": expected field names such as "version srcaddr dstaddr dstport action"`);
  return flowFormatOf(plain);
}

function networks(pairs: readonly string[]): Readonly<Record<string, string>> {
  const named = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.lastIndexOf('=');
    const name = pair.slice(0, Math.max(0, at));
    if (name === '') throw new UsageError(`--network ${pair}: expected NAME=CIDR, such as office=203.0.113.0/24`);
    if (named.has(name)) throw new UsageError(`--network ${pair}: ${name} already stands for ${named.get(name) ?? ''}`);
    checkRange('--network', pair.slice(at + 1));
    named.set(name, pair.slice(at + 1));
  }
  return Object.fromEntries(named);
}

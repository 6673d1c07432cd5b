import { isSeverity } from '../model/finding.ts';
import { iso } from '../model/time.ts';
import { harmless } from './escape.ts';
import { linksOf } from './links.ts';
import { type PublishedAlert, tacticsOf } from './published.ts';
import { evidenceLines, facts, stepLines } from './wording.ts';

/** This account's own product in Security Hub: findings of one's own are imported under it. */
export interface Product {
  readonly arn: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** A finding in the AWS Security Finding Format, as far as alerts fill it. */
export interface SecurityFinding {
  readonly SchemaVersion: '2018-10-08';
  readonly Id: string;
  readonly ProductArn: string;
  readonly ProductName: 'Plimsoll';
  readonly CompanyName: 'Plimsoll';
  readonly GeneratorId: string;
  readonly AwsAccountId: string;
  readonly Region: string;
  readonly Types: string[];
  readonly FirstObservedAt: string;
  readonly LastObservedAt: string;
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
  readonly Severity: { readonly Label: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL'; readonly Original: string };
  readonly Title: string;
  readonly Description: string;
  readonly Remediation?: { readonly Recommendation: { readonly Text: string; readonly Url?: string } };
  readonly ProductFields: Record<string, string>;
  readonly Resources: {
    readonly Type: string;
    readonly Id: string;
    readonly Partition: 'aws' | 'aws-cn' | 'aws-us-gov';
    readonly Region: string;
  }[];
  readonly RecordState: 'ACTIVE' | 'ARCHIVED';
}

/** Lengths. Source: AWS Security Hub user guide, "Required top-level ASFF attributes", and API reference, AwsSecurityFinding. */
const longest = { id: 512, title: 256, description: 1_024, recommendation: 512, field: 2_000 } as const;

/** Finding types by tactic. Source: AWS Security Hub user guide, "Types taxonomy for ASFF", which has no place of its own for each. */
const types: Readonly<Record<string, string>> = {
  reconnaissance: 'TTPs/Discovery',
  'initial-access': 'TTPs/Initial Access',
  execution: 'TTPs/Execution',
  persistence: 'TTPs/Persistence',
  'privilege-escalation': 'TTPs/Privilege Escalation',
  stealth: 'TTPs/Defense Evasion',
  'defense-impairment': 'TTPs/Defense Evasion',
  'credential-access': 'TTPs/Credential Access',
  discovery: 'TTPs/Discovery',
  'lateral-movement': 'TTPs/Lateral Movement',
  collection: 'TTPs/Collection',
  'command-and-control': 'TTPs/Command and Control',
  exfiltration: 'Effects/Data Exfiltration',
};
const otherType = 'Unusual Behaviors/Container';

/** An alert as a finding of the account that imports it, whichever account the alert is about: Security Hub takes no other. */
export function securityFinding(alert: PublishedAlert, product: Product): SecurityFinding {
  const { arn, account, region } = product;
  const first = timeOf(alert.firstSeen);
  const last = Math.max(first, timeOf(alert.lastSeen));
  return {
    SchemaVersion: '2018-10-08',
    Id: harmless(`plimsoll/${alert.id}`, longest.id),
    ProductArn: arn,
    ProductName: 'Plimsoll',
    CompanyName: 'Plimsoll',
    GeneratorId: harmless(`plimsoll/${alert.detection}`, longest.id),
    AwsAccountId: account,
    Region: region,
    Types: [
      ...new Set(tacticsOf(alert).map((tactic) => types[tactic] ?? otherType)),
      ...(tacticsOf(alert).length === 0 ? [otherType] : []),
    ],
    FirstObservedAt: iso(first),
    LastObservedAt: iso(last),
    CreatedAt: iso(first),
    // A later telling must be newer than an earlier one, whenever it arrives: Security Hub keeps the newest.
    UpdatedAt: iso(last + Math.min(alert.telling ?? alert.count, 999)),
    Severity: { Label: labelOf(alert.severity), Original: harmless(alert.severity, 64) || 'unknown' },
    Title: harmless(alert.title, longest.title) || 'alert',
    Description: harmless(alert.summary, longest.description) || 'alert',
    ...remediationOf(alert),
    ProductFields: fieldsOf(alert),
    Resources: resourcesOf(alert, product),
    RecordState: alert.state === 'closed' ? 'ARCHIVED' : 'ACTIVE',
  };
}

function labelOf(severity: string): SecurityFinding['Severity']['Label'] {
  return isSeverity(severity) ? (severity.toUpperCase() as SecurityFinding['Severity']['Label']) : 'HIGH';
}

function remediationOf(alert: PublishedAlert): Pick<SecurityFinding, 'Remediation'> {
  const text = alert.steps.length === 0 ? alert.next : alert.steps.flatMap(stepLines).join(' | ');
  const [link] = linksOf(alert);
  if (text === '') return {};
  return {
    Remediation: { Recommendation: { Text: harmless(text, longest.recommendation), ...(link === undefined ? {} : { Url: link.url }) } },
  };
}

/** Up to fifty of one's own fields; names without a slash but the first, which keeps them apart from others'. */
function fieldsOf(alert: PublishedAlert): Record<string, string> {
  const all = [
    ...facts(alert),
    ['Detection', alert.detection],
    ['Account', alert.account],
    ['Normal', alert.normal],
    ...evidenceLines(alert, 5).map((line, index) => [`Evidence ${String(index + 1)}`, line]),
    ...alert.unknowns.slice(0, 5).map((line, index) => [`Unknown ${String(index + 1)}`, line]),
  ] as const;
  const filled = all.filter(([, value = '']) => value !== '');
  return Object.fromEntries(filled.map(([name = '', value = '']) => [`plimsoll/${name}`, harmless(value, longest.field)]));
}

function resourcesOf(alert: PublishedAlert, { partition, region: here, account: home }: Product): SecurityFinding['Resources'] {
  const region = /^[a-z0-9-]{1,30}$/.test(alert.region) ? alert.region : here;
  const account = /^\d{12}$/.test(alert.account) ? alert.account : home;
  const common = { Partition: partitionOf(partition), Region: region } as const;
  const cluster = /^[0-9A-Za-z][\w-]{0,99}$/.test(alert.cluster) && alert.cluster !== 'unknown' ? alert.cluster : undefined;
  return [
    ...(cluster === undefined
      ? []
      : [{ Type: 'AwsEksCluster', Id: `arn:${partition}:eks:${region}:${account}:cluster/${cluster}`, ...common }]),
    { Type: 'Other', Id: harmless(`${alert.entity.kind} ${alert.entity.name}`.trim(), longest.id) || account, ...common },
  ];
}

function partitionOf(partition: string): 'aws' | 'aws-cn' | 'aws-us-gov' {
  return partition === 'aws-cn' || partition === 'aws-us-gov' ? partition : 'aws';
}

function timeOf(time: string): number {
  const at = Date.parse(time);
  return Number.isNaN(at) ? 0 : at;
}

import { iso } from '../../model/time.ts';
import type { Facts } from './facts.ts';
import { auditGroup, insightsQuery, searchByCaller, searchByTarget } from './search.ts';
import { isKnown } from './shell.ts';
import type { Link } from './step.ts';

/** Pages of the AWS console for a case. None where the Region is unknown: the console would show another one. */
export function linksFor(facts: Facts): readonly Link[] {
  const { region, cluster, accessKey, role, address, source } = facts;
  if (region === undefined) return [];
  const root = `https://${region}.${domainOf(region)}`;
  const group = auditGroup(facts);
  const searches = [searchByCaller(facts), searchByTarget(facts)].filter((search) => search !== undefined);
  return [
    ...(isKnown(group)
      ? searches.map((search) => ({
          label: `Logs Insights: ${search.label}`,
          url: insightsUrl(facts, root, insightsQuery(search), [group]),
        }))
      : []),
    ...(source === 'flow' && address !== undefined
      ? [
          {
            label: `Logs Insights: traffic of ${address} (choose the flow log's group)`,
            url: insightsUrl(facts, root, trafficQuery(address), []),
          },
        ]
      : []),
    ...(accessKey === undefined
      ? []
      : [
          {
            label: `CloudTrail: calls with access key ${accessKey}`,
            url: `${root}/cloudtrailv2/home?region=${region}#/events?AccessKeyId=${encodeURIComponent(accessKey)}`,
          },
        ]),
    ...(role === undefined
      ? []
      : [{ label: `IAM: role ${role.name}`, url: `https://${domainOf(region)}/iam/home#/roles/details/${encodeURIComponent(role.name)}` }]),
    ...(isKnown(cluster)
      ? [{ label: `EKS: cluster ${cluster}`, url: `${root}/eks/home?region=${region}#/clusters/${encodeURIComponent(cluster)}` }]
      : []),
  ];
}

/** Where a partition has its console. Source: AWS General Reference, "AWS Management Console" and the guides of GovCloud and China. */
const domains: readonly (readonly [prefix: string, domain: string])[] = [
  ['cn-', 'console.amazonaws.cn'],
  ['us-gov-', 'console.amazonaws-us-gov.com'],
];

function domainOf(region: string): string {
  return domains.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'console.aws.amazon.com';
}

/** Fields as Insights finds them in flow logs of the default format. Source: CloudWatch Logs user guide, "Supported logs and discovered fields". */
function trafficQuery(address: string): string {
  return [
    `filter srcAddr = "${address}" or dstAddr = "${address}"`,
    'stats sum(bytes) as bytes, sum(packets) as packets by srcAddr, dstAddr, dstPort, action',
    'sort bytes desc',
    'limit 1000',
  ].join('\n| ');
}

function insightsUrl({ region = '', from, to }: Facts, root: string, query: string, groups: readonly string[]): string {
  const detail = consoleNotation({
    end: iso(Math.max(0, to)),
    start: iso(Math.max(0, from)),
    timeType: 'ABSOLUTE',
    tz: 'UTC',
    editorString: query,
    ...(groups.length === 0 ? {} : { source: groups }),
  });
  return `${root}/cloudwatch/home?region=${region}#logsV2:logs-insights$3FqueryDetail$3D${detail}`;
}

/** A value of the console's notation. */
type Notable = string | readonly Notable[] | { readonly [name: string]: Notable };

/**
 * The notation in which the console keeps a page's state in its address: `~(end~'2026…~source~(~'*2faws…))`. Whatever is
 * no letter, digit, `_`, `-` or `.` is its code in hexadecimal digits.
 */
function consoleNotation(value: Notable): string {
  if (typeof value === 'string') return `~'${value.replace(/[^\w.-]/g, coded)}`;
  if (Array.isArray(value)) return `~(${value.map(consoleNotation).join('')})`;
  const members = Object.entries(value as { readonly [name: string]: Notable });
  return `~(${members.map(([name, member]) => name + consoleNotation(member)).join('~')})`;
}

function coded(unit: string): string {
  const digits = unit.charCodeAt(0).toString(16);
  return digits.length <= 2 ? `*${digits.padStart(2, '0')}` : `**${digits.padStart(4, '0')}`;
}

import type { ApiEvent } from '../model/api.ts';
import { at, list, number, text } from '../model/json.ts';
import { isWorldwide } from './network-policy.ts';

/** One range that a security group lets in on some ports. */
export interface Admission {
  readonly from: number;
  readonly to: number;
  readonly worldwide: boolean;
  /** Ports in words. */
  readonly words: string;
}

/**
 * What a call lets in. EC2's calls come as `items` of lists, or nested in the name of the request with capital letters, as
 * one object or a list. Source: CloudTrail records of ec2:AuthorizeSecurityGroupIngress and ec2:ModifySecurityGroupRules.
 */
export function admissionsOf({ parameters }: ApiEvent): readonly Admission[] {
  const flat = [parameters].filter((one) => one['cidrIp'] !== undefined || one['cidrIpv6'] !== undefined);
  const permissions = list(at(parameters, 'ipPermissions', 'items')).map((item) => ({
    rule: item,
    ranges: [
      ...list(at(item, 'ipRanges', 'items')).map((range) => at(range, 'cidrIp')),
      ...list(at(item, 'ipv6Ranges', 'items')).map((range) => at(range, 'cidrIpv6')),
    ],
  }));
  const modified = members(at(parameters, 'ModifySecurityGroupRulesRequest', 'SecurityGroupRule')).map((member) => {
    const rule = at(member, 'SecurityGroupRule');
    return { rule, ranges: [at(rule, 'CidrIpv4'), at(rule, 'CidrIpv6')] };
  });
  const all = [...flat.map((rule) => ({ rule, ranges: [rule['cidrIp'], rule['cidrIpv6']] })), ...permissions, ...modified];
  return all.flatMap(({ rule, ranges }) =>
    ranges.flatMap((range) => (text(range) === undefined ? [] : [admissionOf(rule, text(range) ?? '')])),
  );
}

function admissionOf(rule: unknown, range: string): Admission {
  const port = (...names: readonly string[]): number | undefined =>
    names.map((name) => number(at(rule, name))).find((one) => one !== undefined);
  const protocol = text(at(rule, 'ipProtocol')) ?? text(at(rule, 'IpProtocol')) ?? '-1';
  const [first, last] = [port('fromPort', 'FromPort'), port('toPort', 'ToPort')];
  const every = protocol === '-1' || first === undefined || first < 0;
  const [from, to] = every ? [0, 65_535] : [first, last ?? first];
  const ports = from === to ? `port ${String(from)}` : `ports ${String(from)} to ${String(to)}`;
  return { from, to, worldwide: isWorldwide(range), words: every ? 'every port' : ports };
}

function members(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : value === undefined ? [] : [value];
}

/** The groups a call names. */
export function groupsOf({ parameters }: ApiEvent): readonly string[] {
  const nested = parameters['ModifySecurityGroupRulesRequest'];
  const named = [parameters['groupId'], parameters['groupName'], at(nested, 'GroupId')];
  return [...new Set(named.flatMap((one) => text(one) ?? []))];
}

/** Names that EKS, eksctl and the Terraform module for EKS give to groups of clusters and nodes. Sources: their documentation. */
const clusterNames =
  /^eks-cluster-sg-|^eks-remoteAccess-|^eksctl-.*(?:ClusterSharedNodeSecurityGroup|ControlPlaneSecurityGroup|nodegroup)|-(?:node|cluster)-\d{20,}$/;

/** Tags that EKS and its tools put on what belongs to a cluster. */
const clusterTags = /^(?:kubernetes\.io\/cluster\/|aws:eks:cluster-name$|eks:cluster-name$|karpenter\.sh\/discovery$|alpha\.eksctl\.io\/)/;

/** Whether a call shows that its group belongs to a cluster. Most calls name an id and show nothing. */
export function isClusterGroup(event: ApiEvent): boolean {
  const specifications = list(at(event.parameters, 'tagSpecificationSet', 'items'));
  const tags = specifications.flatMap((one) => list(at(one, 'tags'))).flatMap((tag) => text(at(tag, 'key')) ?? []);
  return groupsOf(event).some((group) => clusterNames.test(group)) || tags.some((key) => clusterTags.test(key));
}

import type { Severity } from '../model/finding.ts';
import type { Mapping } from './aws-auth.ts';

/** Why a mapping of an IAM principal is dangerous. */
export interface Risk {
  readonly severity: Severity;
  /** After the mapping. */
  readonly words: string;
}

/** Groups of nodes: with a node's name they are what every node role is mapped to. */
const ofNodes: ReadonlySet<string> = new Set(['system:bootstrappers', 'system:nodes', 'eks:kube-proxy-windows', 'system:node-proxier']);

/** Names for nodes. Source: Amazon EKS user guide, "Create access entries" and "Amazon EKS node IAM role". */
const nodeName = /^system:node:\{\{(?:EC2PrivateDNSName|SessionName)\}\}$/;

/** Prefixes that EKS itself refuses in access entries; the ConfigMap takes them. Source: Amazon EKS user guide, "Create access entries". */
const reserved = /^(?:system|eks|aws|amazon|iam):/;

/** A name or group that whoever assumes the role completes as it likes. Source: kubernetes-sigs/aws-iam-authenticator, README, "Full configuration format". */
const chosen = /\{\{\s*SessionName(?:Raw)?\s*\}\}/i;

/** Whether a mapping is that of a node role. */
export function isNodeMapping({ username, groups }: Mapping): boolean {
  return nodeName.test(username) && groups.every((group) => ofNodes.has(group));
}

/** What is dangerous about a mapping, gravest first. `account` is the cluster's own; empty where it is not known. */
export function risksOf(mapping: Mapping, account: string): readonly Risk[] {
  const { principal, username, groups } = mapping;
  const risks: Risk[] = [];
  const owner = /^arn:[^:]*:(?:iam|sts)::(\d*):/.exec(principal)?.[1] ?? (/^\d{12}$/.test(principal) ? principal : '');
  if (groups.includes('system:masters')) risks.push({ severity: 'critical', words: 'is in system:masters, whom nothing is refused' });
  if (account !== '' && owner !== '' && owner !== account) risks.push({ severity: 'high', words: 'belongs to another AWS account' });
  if (groups.some((group) => chosen.test(group))) risks.push({ severity: 'high', words: 'chooses its group by the name of its session' });
  if (principal.includes('*')) risks.push({ severity: 'high', words: 'stands for more than one principal' });
  if (isNodeMapping(mapping)) return risks;
  // A fixed prefix keeps sessions from taking the name of somebody else.
  if (/^\{\{\s*SessionName/i.test(username) || (chosen.test(username) && reserved.test(username))) {
    risks.push({ severity: 'high', words: 'chooses its whole name by the name of its session' });
  } else if (reserved.test(username)) risks.push({ severity: 'high', words: 'has a name reserved for the cluster' });
  if (groups.some((group) => reserved.test(group) && group !== 'system:masters' && group !== 'system:authenticated')) {
    risks.push({ severity: 'high', words: 'is in a group reserved for the cluster' });
  }
  return risks;
}

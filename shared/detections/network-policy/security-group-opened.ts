import { api } from '../../detect/kit.ts';
import { deedText, weighedAsPlanned } from '../../knowledge/monitoring.ts';
import { type Admission, admissionsOf, groupsOf, isClusterGroup } from '../../knowledge/security-groups.ts';
import { some } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';
import type { Severity } from '../../model/finding.ts';

/** A security group lets the whole internet in. Strategy: ./ADS.md */
export const securityGroupOpened = api.detection({
  id: 'security-group-opened',
  title: 'Security group opened to the internet',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1686.001'],
  rows: ['D119'],
  next: 'See with `aws ec2 describe-security-groups` whether nodes or a cluster have the group; if so, revoke the rule unless it was planned.',
  reads: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:ModifySecurityGroupRules'],
  judge: (event: ApiEvent) => {
    const open = admissionsOf(event).filter(({ worldwide }) => worldwide);
    const cluster = isClusterGroup(event);
    // Load balancers serve the web: on a group that nothing ties to a cluster that is no news.
    const told = cluster ? open : open.filter((admission) => !isWeb(admission));
    if (told.length === 0) return undefined;
    const groups = groupsOf(event);
    const whose = cluster ? 'it belongs to a cluster' : 'whether it belongs to a cluster or its nodes stands nowhere in the call';
    const what = `security group ${some(groups) || 'of unknown id'} to everybody on ${some(told.map(({ words }) => words))}`;
    return {
      entity: event.actor,
      about: groups.join(' '),
      summary: deedText(event, ['opened', 'open'], what, whose),
      ...weighedAsPlanned(event, severityOf(told, cluster), cluster ? 'high' : 'low'),
    };
  },
});

function isWeb({ from, to }: Admission): boolean {
  return from === to && (from === 80 || from === 443);
}

/** Ports through which a node is taken over: the kubelet, remote shells, and every service port of the cluster. */
const nodePorts: readonly (readonly [from: number, to: number])[] = [
  [22, 22],
  [2379, 2380],
  [3389, 3389],
  [10250, 10250],
  [10255, 10255],
  [30000, 32767],
];

function severityOf(admissions: readonly Admission[], cluster: boolean): Severity {
  const reachesNode = admissions.some(({ from, to }) => nodePorts.some(([first, last]) => from <= last && to >= first));
  if (cluster) return reachesNode ? 'high' : 'medium';
  return reachesNode ? 'medium' : 'low';
}

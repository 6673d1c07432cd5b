import { api } from '../../detect/kit.ts';
import { deedText, weighed } from '../../knowledge/monitoring.ts';
import type { ApiEvent } from '../../model/api.ts';
import { at, text } from '../../model/json.ts';

/** VPC flow logs are deleted. Strategy: ./ADS.md */
export const flowLogsDeleted = api.detection({
  id: 'flow-logs-deleted',
  title: 'VPC flow logs deleted',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1685.002'],
  rows: ['D116'],
  next: 'See with `aws ec2 describe-flow-logs` whether a watched VPC has none left; if so, deploy the stack again, and review the caller.',
  reads: ['ec2:DeleteFlowLogs'],
  judge: (event) => {
    const ids = flowLogIds(event);
    const what = ids.length === 0 ? 'flow logs' : `flow log${ids.length === 1 ? '' : 's'} ${ids.slice(0, 5).join(', ')}`;
    const unsuccessful = at(event.response, 'DeleteFlowLogsResponse', 'unsuccessful');
    const partly = typeof unsuccessful === 'object' && unsuccessful !== null ? '; EC2 refused some of them' : '';
    return {
      entity: event.actor,
      about: ids.join(' '),
      summary: deedText(event, ['deleted', 'delete'], what, `without them, the traffic they covered is not seen${partly}`),
      // The call names no VPC: the flow log may belong to one that nobody watches.
      ...weighed(event, 'high', 'medium'),
    };
  },
});

/** EC2's calls come as translated XML: an object for one id, a list for several. Source: CloudTrail records of ec2:DeleteFlowLogs. */
function flowLogIds({ parameters }: ApiEvent): readonly string[] {
  const nested = at(parameters, 'DeleteFlowLogsRequest', 'FlowLogId') ?? parameters['flowLogIds'] ?? parameters['FlowLogId'];
  const members = Array.isArray(nested) ? (nested as readonly unknown[]) : [nested];
  return members.flatMap((member) => text(member) ?? text(at(member, 'content')) ?? []);
}

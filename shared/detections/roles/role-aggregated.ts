import { audit } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { contentWrites, grantSeverity, isWrite, rbacName } from '../../knowledge/rbac.ts';
import { flowFromOthers, flowIntoOthers } from '../../knowledge/role-aggregation.ts';
import { roles, roleVersion } from '../../knowledge/role-versions.ts';

/** Rights flow from role to role by labels, without any binding. Strategy: ./ADS.md */
export const roleAggregated = audit.detection({
  id: 'role-aggregated',
  title: 'Rights aggregated into a role that others have already',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1098.006'],
  rows: ['D091'],
  next: 'Delete the label or the aggregation rule unless its owner vouches for it, and list who is bound to the role that grew.',
  reads: { verbs: contentWrites, resources: ['clusterroles'] },
  memory: { roles },
  when: isWrite,
  judge: (event, { roles: { previous } }) => {
    const now = isClusterItself(event) ? undefined : roleVersion(event);
    const flow = now && (flowIntoOthers(event, now, previous) ?? flowFromOthers(event, now, previous));
    if (flow === undefined || (flow.severity === 'low' && event.hasDuty('deployer'))) return undefined;
    return {
      entity: event.actor,
      about: event.name,
      summary: `${callerText(event)} ${event.allowed ? 'wrote' : 'was refused when trying to write'} ${rbacName(event)}: it ${flow.words}.`,
      severity: grantSeverity(event, flow.severity),
    };
  },
});

import { audit, snapshot } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { pastOf } from '../../knowledge/object-versions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { AuditEvent } from '../../model/audit.ts';
import type { Severity } from '../../model/finding.ts';
import { at, text } from '../../model/json.ts';

/** Names the role that pods of a service account get. Source: Amazon EKS user guide, "IAM roles for service accounts". */
const annotation = 'eks.amazonaws.com/role-arn';

const roleOf = (event: AuditEvent): string => text(at(event.metadata, 'annotations', annotation)) ?? '';

/** The pods of a service account get another IAM role. Strategy: ./ADS.md */
export const workloadRoleChanged = audit.detection({
  id: 'workload-role-changed',
  title: 'IAM role of a service account set or changed',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1098.003', 'T1098.006'],
  rows: ['D098'],
  next: 'Ask the owner of the workload which role it should have, and list what the role did in CloudTrail since.',
  reads: { verbs: ['create', 'update', 'patch'], resources: ['serviceaccounts'] },
  memory: {
    role: snapshot({
      id: 'workload-role',
      key: ({ target, name }: AuditEvent) => (name === '' ? undefined : [target.namespace, name]),
      value: (event: AuditEvent) => (event.result === undefined ? undefined : { role: roleOf(event) }),
    }),
  },
  when: (event) => event.allowed && !event.dryRun && !isClusterItself(event),
  judge: (event, { role: { previous } }) => {
    const now = roleOf(event);
    const past = pastOf(event, previous, 'annotations');
    const before = text(past?.before?.['role']) ?? '';
    if (now === '' || past === undefined || now === before) return undefined;
    const owner = /^arn:[^:]*:iam::(\d{12}):/.exec(now)?.[1];
    const foreign = owner !== undefined && event.scope.account !== '' && owner !== event.scope.account;
    const severity: Severity = foreign ? 'high' : event.verb === 'create' ? 'low' : 'medium';
    const account = `${event.target.namespace}/${event.name}`;
    const instead = before === '' ? '' : ` instead of ${shorten(before)}`;
    return {
      entity: { kind: 'object', id: `serviceaccount ${account}`, name: account },
      about: now,
      summary: `${callerText(event)} gave service account ${shorten(account)} IAM role ${shorten(now)}${instead}${foreign ? ', of another AWS account' : ''}: its pods act as that role where the role trusts it.`,
      severity: event.hasDuty('deployer') && !foreign ? 'low' : severity,
      ...(past.certain ? {} : { confidence: 'low' as const }),
    };
  },
});

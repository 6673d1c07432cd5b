import { audit } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { grantVerdict, subjectClass, weightOf } from '../../knowledge/grant-weight.ts';
import { bindingResources, contentWrites, isWrite } from '../../knowledge/rbac.ts';
import { bindings, grantOf } from '../../knowledge/role-grants.ts';
import { roles } from '../../knowledge/role-versions.ts';
import type { Severity } from '../../model/finding.ts';

const severities: Readonly<Record<ReturnType<typeof weightOf>['kind'], Severity>> = {
  admin: 'high',
  powerful: 'high',
  ordinary: 'medium',
  everybodys: 'low',
};

/** A role is given to a group that holds all users, all workloads or all nodes. Strategy: ./ADS.md */
export const bindingToEverybody = audit.detection({
  id: 'binding-to-everybody',
  title: 'Role given to a group that nearly everybody is in',
  severity: 'medium',
  confidence: 'high',
  attack: ['T1098.006'],
  rows: ['D005'],
  next: 'Ask the caller who needs the role, bind it to those alone, and list what members of the group did with it meanwhile.',
  reads: { verbs: contentWrites, resources: bindingResources },
  memory: { bindings, role: roles },
  when: isWrite,
  judge: (event, { bindings: known, role }) => {
    if (isClusterItself(event)) return undefined;
    const grant = grantOf(event, known.previous);
    const broad = grant?.subjects.filter((subject) => subjectClass(subject) === 'broad') ?? [];
    if (grant === undefined || broad.length === 0) return undefined;
    const { kind, words } = weightOf(grant, role.previous);
    // The workloads of a namespace sharing an ordinary role in it is how small teams work.
    const athome = broad.every(({ name }) => name === `system:serviceaccounts:${grant.namespace}`);
    const severity = athome && kind === 'ordinary' ? 'low' : severities[kind];
    return grantVerdict(event, grant, broad, severity, words || 'every member of the group has it');
  },
});

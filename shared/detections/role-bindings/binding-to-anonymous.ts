import { audit } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { grantVerdict, subjectClass, weightOf } from '../../knowledge/grant-weight.ts';
import { bindingResources, contentWrites, isWrite } from '../../knowledge/rbac.ts';
import { bindings, grantOf } from '../../knowledge/role-grants.ts';
import { roles } from '../../knowledge/role-versions.ts';
import type { Severity } from '../../model/finding.ts';

/** A role is given to whoever does not sign in. Strategy: ./ADS.md */
export const bindingToAnonymous = audit.detection({
  id: 'binding-to-anonymous',
  title: 'Role given to clients that do not sign in',
  severity: 'high',
  confidence: 'high',
  attack: ['T1098.006'],
  rows: ['D004'],
  next: 'Delete the binding, then search the audit log for requests by system:anonymous since it was made.',
  reads: { verbs: contentWrites, resources: bindingResources },
  memory: { bindings, role: roles },
  when: isWrite,
  judge: (event, { bindings: known, role }) => {
    if (isClusterItself(event)) return undefined;
    const grant = grantOf(event, known.previous);
    const anonymous = grant?.subjects.filter((subject) => subjectClass(subject) === 'anonymous') ?? [];
    if (grant === undefined || anonymous.length === 0) return undefined;
    const { kind } = weightOf(grant, role.previous);
    const severity: Severity = kind === 'everybodys' ? 'low' : kind === 'ordinary' ? 'high' : 'critical';
    const verdict = grantVerdict(event, grant, anonymous, severity, 'whoever reaches the API server has it, without signing in');
    // No duty gives rights to nobody in particular.
    return event.allowed ? { ...verdict, severity } : verdict;
  },
});

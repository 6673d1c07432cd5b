import { audit } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { grantVerdict, subjectClass, weightOf } from '../../knowledge/grant-weight.ts';
import { bindingResources, contentWrites, isWrite } from '../../knowledge/rbac.ts';
import { bindings, grantOf } from '../../knowledge/role-grants.ts';
import { roles } from '../../knowledge/role-versions.ts';

/** Somebody new gets a role whose name says nothing and whose rules lead to everything. Strategy: ./ADS.md */
export const adminEquivalentRoleBound = audit.detection({
  id: 'admin-equivalent-role-bound',
  title: 'Role with rights of an administrator given to somebody new',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1098.006'],
  rows: ['D084', 'D086'],
  next: 'Read the rules of the role and ask the caller what the subject needs of them; if nobody can say, delete the binding and the role.',
  reads: { verbs: contentWrites, resources: bindingResources },
  memory: { bindings, role: roles },
  when: isWrite,
  judge: (event, { bindings: known, role }) => {
    if (isClusterItself(event)) return undefined;
    const grant = grantOf(event, known.previous);
    if (grant === undefined) return undefined;
    const { kind, severity, words } = weightOf(grant, role.previous);
    const subjects = grant.subjects.filter((subject) => ['account', 'other'].includes(subjectClass(subject)));
    if (kind !== 'powerful' || severity === undefined || subjects.length === 0) return undefined;
    return grantVerdict(event, grant, subjects, severity, words);
  },
});

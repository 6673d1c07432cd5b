import { audit } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { grantVerdict, subjectClass, weightOf } from '../../knowledge/grant-weight.ts';
import { bindingResources, contentWrites, isWrite } from '../../knowledge/rbac.ts';
import { bindings, grantOf } from '../../knowledge/role-grants.ts';

/** Somebody new gets one of the cluster's own administrator roles. Strategy: ./ADS.md */
export const adminRoleBound = audit.detection({
  id: 'admin-role-bound',
  title: 'Administrator role given to somebody new',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1098.006'],
  rows: ['D083', 'D086'],
  next: 'Ask the owner of the cluster whether the subject should have the role; if not, delete the binding and list what the subject did since.',
  reads: { verbs: contentWrites, resources: bindingResources },
  memory: { bindings },
  when: isWrite,
  judge: (event, { bindings: known }) => {
    if (isClusterItself(event)) return undefined;
    const grant = grantOf(event, known.previous);
    if (grant === undefined) return undefined;
    const { kind, severity, words } = weightOf(grant, undefined);
    const subjects = grant.subjects.filter((subject) => ['account', 'other'].includes(subjectClass(subject)));
    if (kind !== 'admin' || severity === undefined || subjects.length === 0) return undefined;
    return grantVerdict(event, grant, subjects, severity, words);
  },
});

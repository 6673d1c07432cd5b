import { audit } from '../../detect/kit.ts';
import { grantMemory, grantTo, grantVerdict } from '../../knowledge/grant-weight.ts';
import { bindingWrites, isWrite } from '../../knowledge/rbac.ts';

/** Somebody new gets a role whose name says nothing and whose rules lead to everything. Strategy: ./ADS.md */
export const adminEquivalentRoleBound = audit.detection({
  id: 'admin-equivalent-role-bound',
  title: 'Role with rights of an administrator given to somebody new',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1098.006'],
  rows: ['D084', 'D086'],
  next: 'Read the rules of the role and ask the caller what the subject needs of them; if nobody can say, delete the binding and the role.',
  reads: bindingWrites,
  memory: grantMemory,
  when: isWrite,
  judge: (event, views) => {
    const grant = grantTo(event, views, ['account', 'other']);
    if (grant?.weight.kind !== 'powerful' || grant.weight.severity === undefined) return undefined;
    return grantVerdict(event, grant, grant.weight.severity, grant.weight.words);
  },
});

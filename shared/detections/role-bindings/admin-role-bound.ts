import { audit } from '../../detect/kit.ts';
import { grantMemory, grantTo, grantVerdict } from '../../knowledge/grant-weight.ts';
import { bindingWrites, isWrite } from '../../knowledge/rbac.ts';

/** Somebody new gets one of the cluster's own administrator roles. Strategy: ./ADS.md */
export const adminRoleBound = audit.detection({
  id: 'admin-role-bound',
  title: 'Administrator role given to somebody new',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1098.006'],
  rows: ['D083', 'D086'],
  next: 'Ask the owner of the cluster whether the subject should have the role; if not, delete the binding and list what the subject did since.',
  reads: bindingWrites,
  memory: grantMemory,
  when: isWrite,
  judge: (event, views) => {
    const grant = grantTo(event, views, ['account', 'other']);
    if (grant?.weight.kind !== 'admin' || grant.weight.severity === undefined) return undefined;
    return grantVerdict(event, grant, grant.weight.severity, grant.weight.words);
  },
});

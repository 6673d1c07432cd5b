import { audit } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { contentWrites, isWrite, roleResources } from '../../knowledge/rbac.ts';
import { powerVerdict } from '../../knowledge/role-verdict.ts';
import { gainedPowers, roles } from '../../knowledge/role-versions.ts';

/** A role gains a right that leads to others. Strategy: ./ADS.md */
export const escalationRightsAdded = audit.detection({
  id: 'escalation-rights-added',
  title: 'Role gains rights that lead to more rights',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1098.006'],
  rows: ['D088'],
  next: 'See who is bound to the role, and ask the caller what the right is needed for; if nobody can say, restore the role.',
  reads: { verbs: contentWrites, resources: roleResources },
  memory: { roles },
  when: isWrite,
  judge: (event, { roles: known }) =>
    isClusterItself(event) ? undefined : powerVerdict(event, gainedPowers(event, known.previous, 'primitives')),
});

import { audit } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { contentWrites, isWrite, roleResources } from '../../knowledge/rbac.ts';
import { powerVerdict } from '../../knowledge/role-verdict.ts';
import { gainedPowers, roles } from '../../knowledge/role-versions.ts';

/** A role allows "all" where it could name what it needs. Strategy: ./ADS.md */
export const wildcardRole = audit.detection({
  id: 'wildcard-role',
  title: 'Role with wildcards made or widened',
  severity: 'high',
  confidence: 'medium',
  attack: ['T1098.006'],
  rows: ['D087'],
  next: 'See who is bound to the role, and ask the caller to name the resources and verbs it needs instead of the wildcard.',
  reads: { verbs: contentWrites, resources: roleResources },
  memory: { roles },
  when: isWrite,
  judge: (event, { roles: known }) =>
    isClusterItself(event) ? undefined : powerVerdict(event, gainedPowers(event, known.previous, 'wildcards')),
});

import { audit } from '../../detect/kit.ts';
import { isBuiltIn } from '../../knowledge/built-in-roles.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { grantVerdict, subjectClass, weightOf } from '../../knowledge/grant-weight.ts';
import { bindingResources, contentWrites, isWrite } from '../../knowledge/rbac.ts';
import { bindings, grantOf } from '../../knowledge/role-grants.ts';
import { roles } from '../../knowledge/role-versions.ts';

/** A workload's identity gets a role that was written for the whole cluster. Strategy: ./ADS.md */
export const accountBoundToClusterRole = audit.detection({
  id: 'account-bound-to-cluster-role',
  title: 'Service account given a ClusterRole',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1098.006'],
  rows: ['D086'],
  next: 'Read the rules of the role, and check that whoever made the binding was installing the software that the account belongs to.',
  reads: { verbs: contentWrites, resources: bindingResources },
  memory: { bindings, role: roles },
  when: (event) => isWrite(event) && !event.hasDuty('deployer'),
  judge: (event, { bindings: known, role }) => {
    if (isClusterItself(event)) return undefined;
    const grant = grantOf(event, known.previous);
    const accounts = grant?.subjects.filter((subject) => ['account', 'default-account'].includes(subjectClass(subject))) ?? [];
    if (grant?.role.kind !== 'ClusterRole' || accounts.length === 0) return undefined;
    const { kind } = weightOf(grant, role.previous);
    // Graver grants are told by detections of their own.
    if (kind !== 'ordinary') return undefined;
    const why =
      role.previous === undefined && !isBuiltIn(grant.role.name)
        ? 'what the role allows was never seen written'
        : grant.wide
          ? 'it holds in every namespace'
          : 'its rules may change outside the namespace';
    return grantVerdict(event, grant, accounts, 'low', why);
  },
});

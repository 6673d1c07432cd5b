import { audit } from '../../detect/kit.ts';
import { isBuiltIn } from '../../knowledge/built-in-roles.ts';
import { grantMemory, grantTo, grantVerdict } from '../../knowledge/grant-weight.ts';
import { bindingWrites, isWrite } from '../../knowledge/rbac.ts';

/** A workload's identity gets a role that was written for the whole cluster. Strategy: ./ADS.md */
export const accountBoundToClusterRole = audit.detection({
  id: 'account-bound-to-cluster-role',
  title: 'Service account given a ClusterRole',
  severity: 'low',
  confidence: 'medium',
  attack: ['T1098.006'],
  rows: ['D086'],
  next: 'Read the rules of the role, and check that whoever made the binding was installing the software that the account belongs to.',
  reads: bindingWrites,
  memory: grantMemory,
  when: (event) => isWrite(event) && !event.hasDuty('deployer'),
  judge: (event, views) => {
    const grant = grantTo(event, views, ['account', 'default-account']);
    // Graver grants are told by detections of their own.
    if (grant?.role.kind !== 'ClusterRole' || grant.weight.kind !== 'ordinary') return undefined;
    const why =
      views.role.previous === undefined && !isBuiltIn(grant.role.name)
        ? 'what the role allows was never seen written'
        : grant.wide
          ? 'it holds in every namespace'
          : 'its rules may change outside the namespace';
    return grantVerdict(event, grant, 'low', why);
  },
});

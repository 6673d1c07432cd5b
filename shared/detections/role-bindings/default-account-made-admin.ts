import { audit } from '../../detect/kit.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { grantVerdict, subjectClass, weightOf } from '../../knowledge/grant-weight.ts';
import { bindingResources, contentWrites, isWrite } from '../../knowledge/rbac.ts';
import { bindings, grantOf } from '../../knowledge/role-grants.ts';
import { roles } from '../../knowledge/role-versions.ts';
import { graver } from '../../model/finding.ts';

/** Every pod that names no service account becomes an administrator. Strategy: ./ADS.md */
export const defaultAccountMadeAdmin = audit.detection({
  id: 'default-account-made-admin',
  title: 'Default service account of a namespace made administrator',
  severity: 'high',
  confidence: 'high',
  attack: ['T1098.006', 'T1078.001'],
  rows: ['D085', 'D086'],
  next: 'Delete the binding, give the workload that needed it a service account of its own, and list what the default account did since.',
  reads: { verbs: contentWrites, resources: bindingResources },
  memory: { bindings, role: roles },
  when: isWrite,
  judge: (event, { bindings: known, role }) => {
    if (isClusterItself(event)) return undefined;
    const grant = grantOf(event, known.previous);
    const subjects = grant?.subjects.filter((subject) => subjectClass(subject) === 'default-account') ?? [];
    if (grant === undefined || subjects.length === 0) return undefined;
    const { severity, words } = weightOf(grant, role.previous);
    if (severity === undefined) return undefined;
    const why = `${words}, and every pod there that names no account of its own is that account`;
    return grantVerdict(event, grant, subjects, graver(severity, 'medium'), why);
  },
});

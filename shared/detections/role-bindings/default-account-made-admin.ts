import { audit } from '../../detect/kit.ts';
import { grantMemory, grantTo, grantVerdict } from '../../knowledge/grant-weight.ts';
import { bindingWrites, isWrite } from '../../knowledge/rbac.ts';
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
  reads: bindingWrites,
  memory: grantMemory,
  when: isWrite,
  judge: (event, views) => {
    const grant = grantTo(event, views, ['default-account']);
    if (grant?.weight.severity === undefined) return undefined;
    const why = `${grant.weight.words}, and every pod there that names no account of its own is that account`;
    return grantVerdict(event, grant, graver(grant.weight.severity, 'medium'), why);
  },
});

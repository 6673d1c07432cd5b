import { audit } from '../../detect/kit.ts';
import { grantMemory, grantTo, grantVerdict } from '../../knowledge/grant-weight.ts';
import { bindingWrites, isWrite } from '../../knowledge/rbac.ts';
import type { Severity } from '../../model/finding.ts';

/** A role is given to whoever does not sign in. Strategy: ./ADS.md */
export const bindingToAnonymous = audit.detection({
  id: 'binding-to-anonymous',
  title: 'Role given to clients that do not sign in',
  severity: 'high',
  confidence: 'high',
  attack: ['T1098.006'],
  rows: ['D004'],
  next: 'Delete the binding, then search the audit log for requests by system:anonymous since it was made.',
  reads: bindingWrites,
  memory: grantMemory,
  when: isWrite,
  judge: (event, views) => {
    const grant = grantTo(event, views, ['anonymous']);
    if (grant === undefined) return undefined;
    const { kind } = grant.weight;
    const severity: Severity = kind === 'everybodys' ? 'low' : kind === 'ordinary' ? 'high' : 'critical';
    const verdict = grantVerdict(event, grant, severity, 'whoever reaches the API server has it, without signing in');
    // No duty gives rights to nobody in particular.
    return event.allowed ? { ...verdict, severity } : verdict;
  },
});

import { audit } from '../../detect/kit.ts';
import { grantMemory, grantTo, grantVerdict, type Weight } from '../../knowledge/grant-weight.ts';
import { bindingWrites, isWrite } from '../../knowledge/rbac.ts';
import type { Severity } from '../../model/finding.ts';

const severities: Readonly<Record<Weight['kind'], Severity>> = {
  admin: 'high',
  powerful: 'high',
  ordinary: 'medium',
  everybodys: 'low',
};

/** A role is given to a group that holds all users, all workloads or all nodes. Strategy: ./ADS.md */
export const bindingToEverybody = audit.detection({
  id: 'binding-to-everybody',
  title: 'Role given to a group that nearly everybody is in',
  severity: 'medium',
  confidence: 'high',
  attack: ['T1098.006'],
  rows: ['D005'],
  next: 'Ask the caller who needs the role, bind it to those alone, and list what members of the group did with it meanwhile.',
  reads: bindingWrites,
  memory: grantMemory,
  when: isWrite,
  judge: (event, views) => {
    const grant = grantTo(event, views, ['broad']);
    if (grant === undefined) return undefined;
    const { kind, words } = grant.weight;
    // The workloads of a namespace sharing an ordinary role in it is how small teams work.
    const athome = grant.subjects.every(({ name }) => name === `system:serviceaccounts:${grant.namespace}`);
    const severity = athome && kind === 'ordinary' ? 'low' : severities[kind];
    return grantVerdict(event, grant, severity, words || 'every member of the group has it');
  },
});

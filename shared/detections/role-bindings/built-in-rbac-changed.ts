import { audit } from '../../detect/kit.ts';
import { isAddOn, isBuiltIn } from '../../knowledge/built-in-roles.ts';
import { isClusterItself } from '../../knowledge/exclusions.ts';
import { pastOf } from '../../knowledge/object-versions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { bindingResources, grantSeverity, isWrite, rbacName, roleResources } from '../../knowledge/rbac.ts';
import { bindings, bindingVersion } from '../../knowledge/role-grants.ts';
import { remembered, roles, roleVersion } from '../../knowledge/role-versions.ts';
import type { AuditEvent } from '../../model/audit.ts';
import type { Severity } from '../../model/finding.ts';

const isBinding = ({ target }: AuditEvent): boolean => target.resource.endsWith('bindings');

/** A role or binding that the cluster or EKS came with is changed or deleted by somebody else. Strategy: ./ADS.md */
export const builtInRbacChanged = audit.detection({
  id: 'built-in-rbac-changed',
  title: 'Built-in role or binding changed or deleted',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1098.006', 'T1485'],
  rows: ['D089'],
  next: 'Compare the object with that of an untouched cluster of the same version, and restore it; the API server repairs its own at its next start.',
  reads: { verbs: ['update', 'patch', 'delete', 'deletecollection'], resources: [...bindingResources, ...roleResources] },
  memory: { bindings, roles },
  when: (event) => isWrite(event) && (event.name === '' || isBuiltIn(event.name)),
  judge: (event, { bindings: knownBindings, roles: knownRoles }) => {
    if (isClusterItself(event)) return undefined;
    const { verb, target } = event;
    const deleted = verb.startsWith('delete');
    // All bindings or roles of a namespace are most often those of a tool that goes; of the cluster, they are everybody's.
    if (event.name === '' && (verb !== 'deletecollection' || target.namespace !== '')) return undefined;
    if (!deleted && !isChanged(event, isBinding(event) ? knownBindings.previous : knownRoles.previous)) return undefined;
    const severity: Severity = isAddOn(event.name) ? 'low' : deleted || isBinding(event) ? 'medium' : 'high';
    const [done, todo] = deleted ? ['deleted', 'delete'] : ['changed', 'change'];
    const what = event.name === '' ? `${target.resource} of the cluster, all or by their labels` : rbacName(event);
    const why =
      event.name === ''
        ? 'built-in ones may be among them'
        : isAddOn(event.name)
          ? 'an add-on uses it'
          : 'the cluster or EKS made it for itself';
    return {
      entity: event.actor,
      about: `${target.resource} ${target.namespace} ${event.name}`,
      summary: `${callerText(event)} ${event.allowed ? done : `was refused when trying to ${todo}`} ${what}: ${why}.`,
      severity: event.name === '' && event.allowed ? 'high' : grantSeverity(event, severity),
    };
  },
});

/** A write that leaves rules or subjects as they were is a tool that makes sure of them. */
function isChanged(event: AuditEvent, previous: Parameters<typeof pastOf>[1]): boolean {
  const past = pastOf(event, previous, isBinding(event) ? 'subjects' : 'rules');
  if (past === undefined) return false;
  const now = isBinding(event) ? bindingVersion(event) : roleVersion(event);
  return past.before === undefined || remembered(now, 'sum') !== remembered(past.before, 'sum');
}

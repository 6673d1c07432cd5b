import { audit } from '../../detect/kit.ts';
import { isAppointed } from '../../knowledge/deploying.ts';
import { isEksItself } from '../../knowledge/exclusions.ts';
import { callerText } from '../../knowledge/origin.ts';
import { isCreation } from '../../knowledge/pod-changes.ts';
import { shorten } from '../../knowledge/shorten.ts';
import { imitatedName } from '../../knowledge/system-names.ts';
import { isControlPlane } from '../../model/actor.ts';

const workloads = ['pods', 'deployments', 'daemonsets', 'statefulsets', 'jobs', 'cronjobs'];
const identities = ['serviceaccounts', 'roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'];

/** Something new bears a name that the eye takes for a part of the system. Strategy: ./ADS.md */
export const imitatingName = audit.detection({
  id: 'imitating-name',
  title: 'Name that imitates a part of the system',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1036.005', 'T1036.010'],
  rows: ['D121'],
  next: 'Compare the object with the one that it is named after, and ask the caller why it bears that name.',
  reads: { verbs: ['create', 'patch'], resources: [...workloads, ...identities, 'namespaces'] },
  when: (event) => event.allowed && event.target.subresource === '' && isCreation(event) && !isControlPlane(event.actor),
  judge: (event) => {
    if (event.actor.type === 'node' || event.dryRun || isEksItself(event)) return undefined;
    const { resource, namespace } = event.target;
    // A pod of a workload is called after it.
    const original = imitatedName(event.name) ?? (resource === 'pods' ? imitatedName(event.name.replace(/-[a-z0-9]{5}$/, '')) : undefined);
    if (original === undefined) return undefined;
    const path = [resource === 'namespaces' ? '' : namespace, event.name].filter(Boolean).join('/');
    return {
      entity: event.actor,
      about: `${resource} ${shorten(path)}`,
      summary: `${callerText(event)} made ${resource.replace(/s$/, '')} ${shorten(path)}, whose name is nearly that of ${original}.`,
      severity: isAppointed(event) ? 'low' : 'medium',
    };
  },
});

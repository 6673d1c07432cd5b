import type { Target } from '../model/entity.ts';

/** Objects whose writing grants rights or reaches every node or request. */
const powerful: ReadonlySet<string> = new Set([
  ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings', 'serviceaccounts/token'],
  ...['certificatesigningrequests', 'certificatesigningrequests/approval'],
  ...['mutatingwebhookconfigurations', 'validatingwebhookconfigurations', 'apiservices'],
  ...['daemonsets', 'nodes', 'secrets', 'persistentvolumes'],
]);

/** Writes by which a cluster is taken over, kept or harmed. */
export const weightyWrites = {
  verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
  resources: [
    ...powerful,
    ...['pods', 'deployments', 'statefulsets', 'jobs', 'cronjobs', 'serviceaccounts', 'namespaces'],
    ...['networkpolicies', 'services', 'ingresses', 'customresourcedefinitions'],
  ],
} as const;

/** Whether writing such an object grants rights or reaches every node or request. */
export function isPowerfulTarget({ resource, subresource }: Target): boolean {
  return powerful.has(subresource === '' ? resource : `${resource}/${subresource}`);
}

/** What is done to an object, however it is sent: an apply is a patch with one client and an update with another. */
export function manner(verb: string): string {
  return verb.startsWith('delete') ? 'delete' : verb === 'create' ? 'create' : 'change';
}

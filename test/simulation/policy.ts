import type { Target } from './target.ts';

export type Level = 'None' | 'Metadata' | 'Request' | 'RequestResponse';

/** What the policy looks at. The user is the authenticated one, also under impersonation. */
export interface PolicySubject {
  readonly username: string;
  readonly groups: readonly string[];
  readonly verb: string;
  readonly target?: Target | undefined;
  readonly path: string;
}

/** API groups whose reads are logged with the request and whose writes are logged in full. */
const listedGroups: ReadonlySet<string> = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'extensions',
  'metrics.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'scheduling.k8s.io',
  'settings.k8s.io',
  'storage.k8s.io',
]);

const endpointWriters: ReadonlySet<string> = new Set([
  'system:kube-controller-manager',
  'system:kube-scheduler',
  'system:serviceaccount:kube-system:endpoint-controller',
]);

/** The level at which EKS logs a request. Source: Amazon EKS best practices, "Detective controls", audit policy. */
export function policyLevel(subject: PolicySubject): Level {
  const { target, verb } = subject;
  if (target === undefined) return /^\/(?:healthz|version|swagger)/.test(subject.path) ? 'None' : 'Metadata';
  const group = target.group ?? '';
  const name = target.subresource === undefined ? target.resource : `${target.resource}/${target.subresource}`;
  if (group === '' && isAuthMap(target) && ['update', 'patch', 'delete'].includes(verb)) return 'RequestResponse';
  if (isSilenced(subject, group, name)) return 'None';
  if (group === '' && isKubeletStatus(subject, name)) return 'Request';
  if (subject.username === 'system:serviceaccount:kube-system:namespace-controller' && verb === 'deletecollection') return 'Request';
  if (group === '' && (target.resource === 'secrets' || target.resource === 'configmaps')) return 'Metadata';
  if (group === 'authentication.k8s.io' && target.resource === 'tokenreviews') return 'Metadata';
  if (group === '' && name === 'serviceaccounts/token') return 'Request';
  if (!listedGroups.has(group)) return 'Metadata';
  return ['get', 'list', 'watch'].includes(verb) ? 'Request' : 'RequestResponse';
}

function isAuthMap(target: Target): boolean {
  return target.resource === 'configmaps' && target.namespace === 'kube-system' && target.name === 'aws-auth';
}

function isKubeletStatus(subject: PolicySubject, name: string): boolean {
  const reporter = subject.groups.includes('system:nodes') || subject.username === 'kubelet';
  return reporter && ['update', 'patch'].includes(subject.verb) && (name === 'nodes/status' || name === 'pods/status');
}

function isSilenced(subject: PolicySubject, group: string, name: string): boolean {
  const { username, verb, target } = subject;
  if (group === 'metrics.k8s.io') return username === 'system:kube-controller-manager' && ['get', 'list'].includes(verb);
  if (group !== '') return false;
  if (target?.resource === 'events') return true;
  if (subject.groups.includes('system:nodes') && verb === 'get' && (name === 'nodes' || name === 'nodes/status')) return true;
  if (username === 'system:kube-proxy' && verb === 'watch') return ['endpoints', 'services', 'services/status'].includes(name);
  if (username === 'system:apiserver' && verb === 'get') return target?.resource === 'namespaces';
  return endpointWriters.has(username) && target?.namespace === 'kube-system' && name === 'endpoints' && ['get', 'update'].includes(verb);
}
